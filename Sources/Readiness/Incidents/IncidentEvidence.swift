import Statistics
import Units

/// An incident of one stream, with what it takes to find the stream again: in a capture, say.
public struct IncidentEvidence: Hashable, Sendable {
    /// As in ``EndpointEvidence``.
    public var endpoint: String
    public var address: String
    public var port: UInt16
    /// Where this host sent from; nil where it could not tell.
    public var local: LocalTransport?
    public var incident: Incident

    public struct LocalTransport: Hashable, Sendable {
        public var address: String
        public var port: UInt16

        public init(address: String, port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    public init(endpoint: String, address: String, port: UInt16, local: LocalTransport?, incident: Incident) {
        self.endpoint = endpoint
        self.address = address
        self.port = port
        self.local = local
        self.incident = incident
    }
}
