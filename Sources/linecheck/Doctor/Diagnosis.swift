/// One line of what the doctor found.
struct Diagnosis {
    enum Condition: Int, Comparable {
        case good, note, bad

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        var word: String {
            switch self {
            case .good: "ok"
            case .note: "note"
            case .bad: "bad"
            }
        }
    }

    var subject: String
    var condition: Condition
    /// What is, with its numbers.
    var fact: String
    /// What would make it better; nil where nothing need be done.
    var remedy: String?
}
