import Units
import Yams

extension YAMLReader {
    /// The items of a list that may be left empty.
    ///
    /// - Parameter form: how it is written, for the fault.
    package func items(_ node: Node, name: String, form: String) -> [Node] {
        guard !isNothing(node) else { return [] }
        guard let list = node.sequence else {
            fault("\(name) must be a list, \(form)", at: node)
            return []
        }
        return Array(list)
    }
}
