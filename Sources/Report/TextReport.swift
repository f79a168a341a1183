import Readiness
import Results
import Units

/// A result as text for a terminal, a ticket or a mail: the grade, what it rests on, what to do, the evidence.
public enum TextReport {
    public static func render(_ document: ResultDocument, style: TextStyle) -> String {
        var page = Page(style: style)
        page.add(headlineOf: document)
        page.add(criteriaOf: document)
        page.add(capacityOf: document)
        page.add(findingsOf: document)
        page.add(incidentsOf: document)
        page.add(evidenceOf: document)
        page.add(pathOf: document)
        page.add(unmeasuredOf: document)
        page.add(footerOf: document)
        return page.text
    }
}

/// A report as it grows, line by line.
struct Page {
    /// No line of a table is wider.
    static let tableWidth = 80

    let style: TextStyle
    private var lines: [Line] = []

    init(style: TextStyle) { self.style = style }

    var text: String { lines.map { $0.rendered(style) + "\n" }.joined() }

    mutating func add(_ line: Line) { lines.append(line) }

    mutating func add(blank count: Int) {
        for _ in 0..<count { lines.append(Line()) }
    }

    mutating func add(heading text: String) {
        add(blank: 1)
        add(Line(text, .heading))
    }

    mutating func add(paragraph text: String, indent: Int = 0, hanging: Int? = nil, _ emphasis: Emphasis = .plain) {
        for line in Paragraph.lines(text, width: style.width, indent: indent, hanging: hanging) {
            add(Line(line, emphasis))
        }
    }
}

extension Grade {
    var word: String {
        switch self {
        case .ready: "READY"
        case .inconclusive: "INCONCLUSIVE"
        case .atRisk: "AT RISK"
        case .notReady: "NOT READY"
        }
    }

    var emphasis: Emphasis {
        switch self {
        case .ready: .good
        case .inconclusive: .unknown
        case .atRisk: .warning
        case .notReady: .bad
        }
    }
}

// MARK: The first and the last lines

extension Page {
    mutating func add(headlineOf document: ResultDocument) {
        let sentence = Wording().sentence(document)
        let word = document.grade.word
        var rest = Paragraph.lines(sentence, width: style.width, indent: word.count + 2)
        var first = Line(word, document.grade.emphasis)
        if !rest.isEmpty { first.append(String(rest.removeFirst().dropFirst(word.count)), .heading) }
        add(first)
        for line in rest { add(Line(line, .heading)) }
        add(blank: 1)
        add(paragraph: Wording().circumstances(document), indent: 2)
    }

    mutating func add(footerOf document: ResultDocument) {
        add(blank: 1)
        add(paragraph: "linecheck \(document.version) · result \(document.id)", .faint)
    }
}

extension UTCTime {
    /// `2026-03-01 12:34:56 UTC`.
    var secondText: String { text.prefix(10) + " " + text.dropFirst(11).prefix(8) + " UTC" }
}
