/// The elements that pages are made of. None of them runs, loads or embeds anything.
package enum Element: String, Sendable, CaseIterable {
    case a, article, aside, b, bdi, br, button, caption, code, col, dd, details, div, dl, dt, em, fieldset, figcaption
    case figure, footer, form, h1, h2, h3, h4, header, input, label, legend, li, link, main, meta, nav, ol, option, p
    case section, select, small, span, strong, summary, table, tbody, td, th, thead, time, title, tr, ul
    // SVG.
    case svg, g, rect, line, path, circle, polygon, text, desc

    /// Has neither content nor an end tag.
    var isVoid: Bool {
        switch self {
        case .br, .col, .input, .link, .meta: true
        default: false
        }
    }
}
