import Yams

/// What keeps a text from being read as YAML, in one line.
enum YAMLSyntax {
    /// With more of them a short text can stand for a document too great to compare its keys.
    static let maximumAliases = 16

    /// Why the text is not handed to the parser at all.
    static func refusal(of text: String) -> (message: String, line: Int)? {
        var count = 0
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            count += aliases(in: line)
            guard count <= maximumAliases else {
                return ("the file has more than \(maximumAliases) aliases, as '*name'; write the values out", index + 1)
            }
        }
        return nil
    }

    /// At least the aliases of a line: whatever a `*` begins, outside of a comment.
    private static func aliases(in line: Substring) -> Int {
        let line = line.drop { $0 == " " || $0 == "\t" }
        guard line.first != "#" else { return 0 }
        return zip(line, line.dropFirst()).count { $0 == "*" && !$1.isWhitespace }
    }

    /// What Yams says of a text, without repeating the text, and with the line where it says one.
    static func describe(_ error: any Error, in text: String) -> (message: String, line: Int?) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // What is missing at the end is missed on a line after the last.
            let line = min(mark.line, lastLine(of: text))
            guard !problem.hasPrefix("Maximum nesting level") else { return ("the file is nested too deeply", line) }
            let before = context.map { "\($0.text) (line \($0.mark.line)), " } ?? ""
            return ("not valid YAML: \(before)\(problem)", line)
        case .reader(let problem, let offset, _, _):
            return ("not valid YAML: \(problem)", offset.map { 1 + text.prefix($0).count(where: \.isNewline) })
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            return ("a mapping has the same key more than once: \(names)", context.mark.line)
        default:
            return ("not valid YAML: \(error)", nil)
        }
    }

    private static func lastLine(of text: String) -> Int {
        let lines = 1 + text.count(where: \.isNewline)
        return text.last?.isNewline == true ? lines - 1 : lines
    }
}
