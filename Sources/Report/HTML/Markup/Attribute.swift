/// An attribute of an element: a name of a closed list, none of which can run anything, and a value that is escaped.
package struct Attribute: Sendable {
    enum Name: String, Sendable {
        case action, autocomplete, autofocus, charset, colspan, content, datetime, dir, href, id, maxlength, media
        case method, name, open, rel, role, rowspan, scope, selected, tabindex, title, type, value
        case classes = "class"
        case forControl = "for"
        case httpEquivalent = "http-equiv"
        case required
        // ARIA.
        case ariaCurrent = "aria-current"
        case ariaHidden = "aria-hidden"
        case ariaLabel = "aria-label"
        case ariaLabelledBy = "aria-labelledby"
        case ariaSort = "aria-sort"
        // SVG.
        case viewBox, preserveAspectRatio, x, y, x1, x2, y1, y2, cx, cy, r, rx, width, height, d, points, transform
        case focusable
        case textAnchor = "text-anchor"
    }

    let name: Name
    /// Nil for an attribute that is true by being there.
    let value: String?

    private init(_ name: Name, _ value: String?) {
        self.name = name
        self.value = value
    }

    // MARK: Of every element

    package static func classes(_ names: StaticString?...) -> Attribute {
        Attribute(.classes, names.compactMap { $0?.description }.joined(separator: " "))
    }
    package static func id(_ id: Identifier) -> Attribute { Attribute(.id, id.text) }
    package static func title(_ text: String) -> Attribute { Attribute(.title, text) }
    package static func role(_ role: StaticString) -> Attribute { Attribute(.role, role.description) }
    package static var focusable: Attribute { Attribute(.tabindex, "0") }

    // MARK: ARIA

    package static func ariaLabel(_ text: String) -> Attribute { Attribute(.ariaLabel, text) }
    package static func ariaLabelledBy(_ id: Identifier) -> Attribute { Attribute(.ariaLabelledBy, id.text) }
    package static func ariaCurrent(_ kind: StaticString) -> Attribute { Attribute(.ariaCurrent, kind.description) }
    package static func ariaSort(_ order: StaticString) -> Attribute { Attribute(.ariaSort, order.description) }
    package static var ariaHidden: Attribute { Attribute(.ariaHidden, "true") }

    // MARK: Of tables, links and times

    package static func columns(_ count: Int) -> Attribute { Attribute(.colspan, "\(count)") }
    package static func rows(_ count: Int) -> Attribute { Attribute(.rowspan, "\(count)") }
    package static var columnScope: Attribute { Attribute(.scope, "col") }
    package static var rowScope: Attribute { Attribute(.scope, "row") }
    package static var rowGroupScope: Attribute { Attribute(.scope, "rowgroup") }
    package static func href(_ link: Link) -> Attribute { Attribute(.href, link.text) }
    package static func datetime(_ text: String) -> Attribute { Attribute(.datetime, text) }

    // MARK: Of the head

    static func charset(_ name: StaticString) -> Attribute { Attribute(.charset, name.description) }
    static func content(_ text: String) -> Attribute { Attribute(.content, text) }
    static func httpEquivalent(_ name: StaticString) -> Attribute { Attribute(.httpEquivalent, name.description) }
    static func relation(_ name: StaticString) -> Attribute { Attribute(.rel, name.description) }

    // MARK: Of forms

    package static func action(_ link: Link) -> Attribute { Attribute(.action, link.text) }
    package static func method(_ method: StaticString) -> Attribute { Attribute(.method, method.description) }
    package static func name(_ name: StaticString) -> Attribute { Attribute(.name, name.description) }
    package static func type(_ type: StaticString) -> Attribute { Attribute(.type, type.description) }
    package static func value(_ text: String) -> Attribute { Attribute(.value, text) }
    package static func forControl(_ id: Identifier) -> Attribute { Attribute(.forControl, id.text) }
    package static func autocomplete(_ kind: StaticString) -> Attribute { Attribute(.autocomplete, kind.description) }
    package static func longest(_ count: Int) -> Attribute { Attribute(.maxlength, "\(count)") }
    package static func selected(_ isSelected: Bool) -> Attribute? { isSelected ? Attribute(.selected, nil) : nil }
    package static func open(_ isOpen: Bool) -> Attribute? { isOpen ? Attribute(.open, nil) : nil }
    package static var required: Attribute { Attribute(.required, nil) }
    package static var autofocus: Attribute { Attribute(.autofocus, nil) }

    // MARK: Of drawings

    package static func x(_ value: Length) -> Attribute { Attribute(.x, value.text) }
    package static func y(_ value: Length) -> Attribute { Attribute(.y, value.text) }
    package static func x1(_ value: Length) -> Attribute { Attribute(.x1, value.text) }
    package static func x2(_ value: Length) -> Attribute { Attribute(.x2, value.text) }
    package static func y1(_ value: Length) -> Attribute { Attribute(.y1, value.text) }
    package static func y2(_ value: Length) -> Attribute { Attribute(.y2, value.text) }
    package static func cx(_ value: Length) -> Attribute { Attribute(.cx, value.text) }
    package static func cy(_ value: Length) -> Attribute { Attribute(.cy, value.text) }
    package static func r(_ value: Length) -> Attribute { Attribute(.r, value.text) }
    package static func rx(_ value: Length) -> Attribute { Attribute(.rx, value.text) }
    package static func width(_ value: Length) -> Attribute { Attribute(.width, value.text) }
    package static func height(_ value: Length) -> Attribute { Attribute(.height, value.text) }
    package static func d(_ path: PathData) -> Attribute { Attribute(.d, path.text) }
    package static func shape(_ data: StaticString) -> Attribute { Attribute(.d, data.description) }
    package static func textAnchor(_ anchor: StaticString) -> Attribute { Attribute(.textAnchor, anchor.description) }
    package static func viewBox(_ width: Int, _ height: Int) -> Attribute {
        Attribute(.viewBox, "0 0 \(width) \(height)")
    }
    /// Fills its box whatever the box's shape is.
    package static var stretched: Attribute { Attribute(.preserveAspectRatio, "none") }
}

/// What an element is known by within its page.
package struct Identifier: Hashable, Sendable {
    let text: String

    /// Never made of data: the number is a place in a list of the page.
    package init(_ name: StaticString, _ number: Int? = nil) {
        text = name.description + (number.map { "-\($0)" } ?? "")
    }
}

/// A length in a drawing: its own units, or per cent of the box it is drawn in.
package struct Length: Sendable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    let text: String

    package init(integerLiteral value: Int) { text = "\(value)" }
    package init(floatLiteral value: Double) { text = Length.coordinate(value) }
    package init(_ value: Double) { text = Length.coordinate(value) }

    package static func percent(_ value: Double) -> Length { Length(text: coordinate(value) + "%") }

    private init(text: String) { self.text = text }

    /// To a hundredth, whatever the value is.
    static func coordinate(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let hundredths = Int(min(max(value * 100, -1e9), 1e9).rounded())
        guard hundredths % 100 != 0 else { return "\(hundredths / 100)" }
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let digits = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
        return "\(hundredths < 0 ? "-" : "")\(whole).\(digits)"
    }
}

/// The outline of a shape in a drawing.
package struct PathData: Sendable {
    private(set) var text = ""

    package init() {}

    package var isEmpty: Bool { text.isEmpty }

    package mutating func move(_ x: Double, _ y: Double) { add("M", x, y) }
    package mutating func line(_ x: Double, _ y: Double) { add("L", x, y) }
    package mutating func close() { text += "Z" }

    package mutating func rectangle(_ x: Double, _ y: Double, width: Double, height: Double) {
        move(x, y)
        let (across, down) = (Length.coordinate(width), Length.coordinate(height))
        text += "h\(across)v\(down)h-\(across)z"
    }

    /// A line of no length, which round caps make a dot of the line's width.
    package mutating func dot(_ x: Double, _ y: Double) {
        move(x, y)
        text += "h0"
    }

    private mutating func add(_ command: String, _ x: Double, _ y: Double) {
        text += "\(command)\(Length.coordinate(x)) \(Length.coordinate(y))"
    }
}
