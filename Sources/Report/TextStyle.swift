/// How a report for a terminal is laid out.
public struct TextStyle: Hashable, Sendable {
    /// Whether to use the terminal's colours; grades are always words as well.
    public var color: Bool
    /// Columns for running text, at least 40. Tables take as many as they need, up to 80.
    public var width: Int
    /// Plots in ASCII alone, for a terminal that shows nothing else.
    public var ascii: Bool

    public init(color: Bool, width: Int = 80, ascii: Bool = false) {
        self.color = color
        self.ascii = ascii
        self.width = max(40, width)
    }
}

/// What a piece of text means, which a terminal may show by colour.
enum Emphasis {
    case plain, heading, faint, good, unknown, warning, bad

    /// The parameter of an SGR sequence (ECMA-48 §8.3.117).
    var code: String? {
        switch self {
        case .plain: nil
        case .heading: "1"
        case .faint: "2"
        case .good: "1;32"
        case .unknown: "1;36"
        case .warning: "1;33"
        case .bad: "1;31"
        }
    }
}

/// One line of pieces, so that widths are counted before any colour is added.
struct Line {
    private var pieces: [(text: String, emphasis: Emphasis)] = []

    init() {}
    init(_ text: String, _ emphasis: Emphasis = .plain) { append(text, emphasis) }

    var width: Int { pieces.reduce(0) { $0 + $1.text.count } }

    mutating func append(_ text: String, _ emphasis: Emphasis = .plain) { pieces.append((text.harmless, emphasis)) }

    /// Appends a cell of a table, with a column's gap after it; what does not fit is cut, with a mark.
    mutating func cell(_ text: String, width: Int, right: Bool = false, _ emphasis: Emphasis = .plain) {
        let text = text.cut(to: width)
        let space = String(repeating: " ", count: width - text.count)
        if right { append(space) }
        append(text, emphasis)
        if !right { append(space) }
        append(" ")
    }

    func rendered(_ style: TextStyle) -> String {
        guard style.color else {
            var text = pieces.map(\.text).joined()
            while text.last == " " { text.removeLast() }
            return text
        }
        return pieces.map { piece in
            piece.emphasis.code.map { "\u{1b}[\($0)m\(piece.text)\u{1b}[0m" } ?? piece.text
        }.joined()
    }
}

extension String {
    /// With control and formatting characters shown as a mark: a saved result may come from anywhere, and must not be
    /// able to speak to the terminal.
    ///
    /// Done before a width is counted, since what a formatting character joins is one column and its parts are more.
    var harmless: String {
        let scalars = unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: Unicode.Scalar(0xfffd) ?? " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// At most `width` columns; a mark stands for what is cut off.
    func cut(to width: Int) -> String {
        let text = harmless
        return text.count > width ? text.prefix(width - 1) + "…" : text
    }
}

/// Running text broken at spaces; a word longer than a whole line is cut.
enum Paragraph {
    static func lines(_ text: String, width: Int, indent: Int = 0, hanging: Int? = nil) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var isEmpty = true
        let next = String(repeating: " ", count: hanging ?? indent)
        for word in text.split(whereSeparator: \.isWhitespace) {
            var rest = String(word).harmless[...]
            while !rest.isEmpty {
                let room = width - line.count - (isEmpty ? 0 : 1)
                if rest.count <= room {
                    line += (isEmpty ? "" : " ") + rest
                    rest = ""
                    isEmpty = false
                } else if isEmpty {
                    line += rest.prefix(max(1, room))
                    rest = rest.dropFirst(max(1, room))
                    lines.append(line)
                    line = next
                } else {
                    lines.append(line)
                    (line, isEmpty) = (next, true)
                }
            }
        }
        return isEmpty ? lines : lines + [line]
    }
}
