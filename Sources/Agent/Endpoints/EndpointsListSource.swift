/// Where Microsoft's list of endpoints comes from, where that is not what came with Linecheck.
public enum EndpointsListSource: Hashable, Sendable {
    /// A saved answer of its web service.
    case file(String)
    /// To be fetched from there.
    case url(String)
}
