import CollectorStore
import Readiness
import Results
import Units

/// The parameters of a request, each read once; what is left over is refused.
package struct QueryReader {
    private var values: [String: [String]] = [:]
    private let isForm: Bool

    /// - Parameter isForm: whether a browser sends it, with an empty value for whatever was not filled in.
    package init(_ target: RequestTarget, known: [String], isForm: Bool = false) throws(RequestRefusal) {
        self.isForm = isForm
        for (name, value) in target.query {
            guard known.contains(name) else {
                throw RequestRefusal(
                    .parameter,
                    "'\(name)' is no parameter here; it can be \(known.joined(separator: ", "))"
                )
            }
            guard !value.utf8.contains(0) else { throw RequestRefusal(.value, "\(name): has the character U+0000") }
            values[name, default: []].append(value)
        }
    }

    package func texts(_ name: String) -> [String] { values[name] ?? [] }

    /// What may be empty, and then says nothing.
    private static let emptiable = ["q", "after"]
    /// Characters; a cursor's length is its store's affair.
    private static let longest = 200

    /// Nil where it is missing.
    package func text(_ name: String) throws(RequestRefusal) -> String? {
        let found = texts(name)
        guard found.count <= 1 else { throw RequestRefusal(.parameter, "\(name): stands \(found.count) times") }
        guard let text = found.first else { return nil }
        guard name == "after" || text.unicodeScalars.count <= Self.longest else {
            throw RequestRefusal(.value, "\(name): has more than \(Self.longest) characters")
        }
        guard text.isEmpty else { return text }
        guard isForm || Self.emptiable.contains(name) else { throw RequestRefusal(.value, "\(name): is empty") }
        return nil
    }

    package func word<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        _ type: Word.Type
    ) throws(RequestRefusal) -> Word? where Word.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw RequestRefusal(.value, "\(name): '\(text)' is none of \(known)")
        }
        return word
    }

    package func count(_ name: String, within bounds: ClosedRange<Int>) throws(RequestRefusal) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let value = Int(text), bounds.contains(value) else {
            throw RequestRefusal(.value, "\(name): '\(text)' is outside \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return value
    }

    /// RFC 3339, UTC, with or without parts of a second.
    package func time(_ name: String) throws(RequestRefusal) -> UTCTime? {
        guard let text = try text(name) else { return nil }
        guard let time = UTCTime(lenient: text) else {
            throw RequestRefusal(.value, "\(name): '\(text)' is not a time, as 2026-11-30T08:00:00Z")
        }
        return time
    }

    /// A part of time; its end is not included.
    package func period() throws(RequestRefusal) -> (from: UTCTime?, until: UTCTime?) {
        let (from, until) = (try time("from"), try time("until"))
        if let from, let until, until < from {
            throw RequestRefusal(.value, "until: \(until.text) is before from, \(from.text)")
        }
        return (from, until)
    }

    package func grades() throws(RequestRefusal) -> Set<Grade> {
        var grades: Set<Grade> = []
        for text in texts("grade") {
            guard let grade = Grade(rawValue: text) else {
                let known = Grade.allCases.map(\.rawValue).joined(separator: ", ")
                throw RequestRefusal(.value, "grade: '\(text)' is none of \(known)")
            }
            grades.insert(grade)
        }
        return grades
    }

    package func status() throws(RequestRefusal) -> SiteStatus? {
        guard let text = try text("grade") else { return nil }
        guard let status = SiteStatus(label: text) else {
            let known = SiteStatus.allCases.map(\.label).joined(separator: ", ")
            throw RequestRefusal(.value, "grade: '\(text)' is none of \(known)")
        }
        return status
    }
}
