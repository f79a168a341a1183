/// Where the agent shows its metrics to a collector on the same host.
public struct MetricsSettings: Hashable, Sendable {
    /// The port on 127.0.0.1; nil shows none.
    public var port: UInt16?

    public init(port: UInt16? = nil) { self.port = port }
}
