/// Whether a collector may start as it is configured: it never stands open to a network.
public enum OpeningCheck {
    /// - Parameter readers: how many may read.
    /// - Returns: why not, and what to do.
    public static func refusal(_ configuration: CollectorConfiguration, readers: Int) -> String? {
        guard configuration.isExposed else { return nil }
        let place =
            configuration.listen.isLoopback
            ? "a proxy passes requests on to it" : "it listens on \(configuration.listen)"
        if !configuration.listen.isLoopback, configuration.tls == nil, configuration.proxies.isEmpty {
            return "\(place), beyond loopback, in the clear: configure tls, or proxies that end TLS before it, "
                + "or let it listen on 127.0.0.1"
        }
        guard readers > 0 else {
            return "\(place), and nobody could log in: add a reader first, with linecheck-collector reader add NAME"
        }
        return nil
    }
}
