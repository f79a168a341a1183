import Units
import Yams

/// Walks a YAML document and collects what is wrong with it, instead of stopping at the first fault.
package final class YAMLReader {
    package let file: String
    package private(set) var faults: [ConfigurationError.Fault] = []

    package init(file: String) { self.file = file }

    package func fault(_ message: String, at node: Node?) { fault(message, line: node?.mark?.line) }

    package func fault(_ message: String, line: Int?) {
        faults.append(.init(file: file, line: line, message: message))
    }

    /// The document's only root; nil when it is empty, or when it is not YAML, which is a fault.
    /// What an alias stands for has the line of its anchor.
    package func root(of text: String) -> Node? {
        // The parser would count a byte order mark as the first line's indentation.
        let text = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        if let refusal = YAMLSyntax.refusal(of: text) {
            fault(refusal.message, line: refusal.line)
            return nil
        }
        do {
            return try compose(yaml: text, .basic)
        } catch {
            let (message, line) = YAMLSyntax.describe(error, in: text)
            fault(message, line: line)
            return nil
        }
    }

    /// The keys of a mapping that may be left empty; unknown ones and ones that stand twice are faults.
    package func mapping(_ node: Node, name: String, known: [String]) -> [String: Node] {
        guard !isNothing(node) else { return [:] }
        guard let mapping = node.mapping else {
            fault("\(name) must be a mapping of keys to values, not \(Self.kind(node))", at: node)
            return [:]
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let text = key.scalar?.string, known.contains(text) else {
                let found = key.scalar.map { "'\($0.string)'" } ?? Self.kind(key)
                fault("\(name) has no key \(found); it can have \(known.joined(separator: ", "))", at: key)
                continue
            }
            if values.updateValue(value, forKey: text) != nil { fault("\(name) has the key '\(text)' twice", at: key) }
        }
        return values
    }

    /// One value, converted; a fault naming key and value where it cannot be.
    package func value<Value>(_ node: Node?, name: String, _ convert: (String) throws(TextRefusal) -> Value) -> Value? {
        guard let node else { return nil }
        guard let text = node.scalar?.string else {
            fault("\(name) must be one value, not \(Self.kind(node))", at: node)
            return nil
        }
        guard !isNothing(node) else {
            fault("\(name) has no value; leave out the key where the default is meant", at: node)
            return nil
        }
        do {
            return try convert(text)
        } catch {
            fault("\(name): \(error)", at: node)
            return nil
        }
    }

    /// Whether the value was left out, or is YAML's null.
    package func isNothing(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private static func kind(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): "'\(scalar.string)'"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
