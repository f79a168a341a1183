/// Why a store takes no document or site of that name.
public enum DocumentRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case site(String, reason: String)
    case id(String, reason: String)
    case tooLong(octets: Int, limit: Int)

    public var description: String {
        switch self {
        case .site(let name, let reason): "site: '\(TextRules.shown(name))' \(reason)"
        case .id(let id, let reason): "id: '\(TextRules.shown(id))' \(reason)"
        case .tooLong(let octets, let limit):
            "the document has \(octets) octets; at most \(limit) are stored"
        }
    }
}
