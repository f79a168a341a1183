import Units
import Yams

extension YAMLReader {
    /// The items of a list that may be left empty.
    ///
    /// - Parameter form: how it is written, for the fault.
    func items(_ node: Node, name: String, form: String) -> [Node] {
        guard !isNothing(node) else { return [] }
        guard let list = node.sequence else {
            fault("\(name) must be a list, \(form)", at: node)
            return []
        }
        return Array(list)
    }
}

extension SettingText {
    /// `yes` or `no`, also as `true` and `false`, `on` and `off`.
    public static func flag(_ text: String) throws(TextRefusal) -> Bool {
        switch text.lowercased() {
        case "yes", "true", "on": return true
        case "no", "false", "off": return false
        default: throw TextRefusal("'\(text)' is neither yes nor no")
        }
    }
}
