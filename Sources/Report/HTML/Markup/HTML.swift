/// A piece of a page: markup, in which everything that came from outside has been escaped.
///
/// There is no way to make one of a text as it is: elements and attributes have the names of a closed list, and texts
/// are escaped where they come in. So no text of a document can become an element, an attribute or a script.
package struct HTML: Sendable {
    package private(set) var markup: String

    package init(@HTMLBuilder _ content: () -> HTML) { self = content() }

    fileprivate init(escaped markup: String) { self.markup = markup }

    package static var empty: HTML { HTML(escaped: "") }

    /// A text, to be read as it stands.
    package static func text(_ text: String) -> HTML { HTML(escaped: Escaping.escaped(text)) }

    package mutating func append(_ other: HTML) { markup += other.markup }
}

/// An element with its content.
package func tag(_ name: Element, _ attributes: Attribute?..., @HTMLBuilder content: () -> HTML) -> HTML {
    var markup = startTag(name, attributes)
    markup += content().markup
    markup += "</\(name.rawValue)>"
    return HTML(escaped: markup)
}

/// An element that has no content.
package func tag(_ name: Element, _ attributes: Attribute?...) -> HTML {
    let start = startTag(name, attributes)
    return HTML(escaped: name.isVoid ? start : start + "</\(name.rawValue)>")
}

private func startTag(_ name: Element, _ attributes: [Attribute?]) -> String {
    var markup = "<\(name.rawValue)"
    for attribute in attributes {
        guard let attribute else { continue }
        markup += " \(attribute.name.rawValue)"
        if let value = attribute.value { markup += "=\"\(Escaping.escaped(value))\"" }
    }
    return markup + ">"
}

/// Builds a piece of a page of its parts; a text among them is escaped.
@resultBuilder
package enum HTMLBuilder {
    package static func buildExpression(_ html: HTML) -> HTML { html }
    package static func buildExpression(_ html: HTML?) -> HTML { html ?? .empty }
    package static func buildExpression(_ text: String) -> HTML { .text(text) }
    package static func buildBlock(_ parts: HTML...) -> HTML { joined(parts) }
    package static func buildOptional(_ part: HTML?) -> HTML { part ?? .empty }
    package static func buildEither(first part: HTML) -> HTML { part }
    package static func buildEither(second part: HTML) -> HTML { part }
    package static func buildArray(_ parts: [HTML]) -> HTML { joined(parts) }

    private static func joined(_ parts: [HTML]) -> HTML {
        var markup = ""
        markup.reserveCapacity(parts.reduce(0) { $0 + $1.markup.utf8.count })
        for part in parts { markup += part.markup }
        return HTML(escaped: markup)
    }
}

// MARK: Whole pages

/// Where a page has its style from.
package enum PageStyle: Sendable {
    /// In the page itself, which may then use nothing else.
    case contained(StaticString)
    /// At an address of the same server, given with its path.
    case linked(Link)
}

extension HTML {
    /// The page from its first byte to its last.
    package static func page(
        title: String,
        style: PageStyle,
        icon: Link? = nil,
        @HTMLBuilder body: () -> HTML
    ) -> String {
        let content = body()
        let head = HTML {
            tag(.meta, .charset("utf-8"))
            tag(.meta, .name("viewport"), .content("width=device-width, initial-scale=1"))
            tag(.meta, .name("color-scheme"), .content("light dark"))
            tag(.meta, .name("referrer"), .content("no-referrer"))
            tag(.title) { title }
            if let icon { tag(.link, .relation("icon"), .href(icon)) }
            styleElements(style)
        }
        return "<!DOCTYPE html>\n<html lang=\"en\"><head>\(head.markup)</head><body>\(content.markup)</body></html>\n"
    }

    private static func styleElements(_ style: PageStyle) -> HTML {
        switch style {
        case .contained(let css):
            // What follows a policy in the page is held to it; what stands before is not.
            HTML(
                escaped: tag(
                    .meta,
                    .httpEquivalent("Content-Security-Policy"),
                    .content(ContentPolicy.policy(css: css))
                )
                .markup + "<style>\(css)</style>"
            )
        case .linked(let address): tag(.link, .relation("stylesheet"), .href(address))
        }
    }
}
