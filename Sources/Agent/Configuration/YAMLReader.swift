import Units
import Yams

/// Walks a YAML document and collects what is wrong with it, instead of stopping at the first fault.
final class YAMLReader {
    let file: String
    private(set) var faults: [ConfigurationError.Fault] = []

    init(file: String) { self.file = file }

    func fault(_ message: String, at node: Node?) {
        faults.append(.init(file: file, line: node?.mark?.line, message: message))
    }

    /// The keys of a mapping; unknown ones and ones that stand twice are faults.
    func mapping(_ node: Node, name: String, known: [String]) -> [String: Node] {
        guard let mapping = node.mapping else {
            fault("\(name) must be a mapping of keys to values, not \(Self.kind(node))", at: node)
            return [:]
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let text = key.scalar?.string, known.contains(text) else {
                let found = key.scalar?.string ?? "?"
                fault("\(name) has no key '\(found)'; it can have \(known.joined(separator: ", "))", at: key)
                continue
            }
            values[text] = value
        }
        return values
    }

    /// One value, converted; a fault naming key and value where it cannot be.
    func value<Value>(_ node: Node?, name: String, _ convert: (String) throws(TextRefusal) -> Value) -> Value? {
        guard let node else { return nil }
        guard let text = node.scalar?.string else {
            fault("\(name) must be one value, not \(Self.kind(node))", at: node)
            return nil
        }
        do {
            return try convert(text)
        } catch {
            fault("\(name): \(error)", at: node)
            return nil
        }
    }

    private static func kind(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string)'"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
