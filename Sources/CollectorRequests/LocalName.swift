import Units

/// Names by which a host means itself.
package enum LocalName {
    package static func isLocal(_ authority: String) -> Bool {
        var host = authority[...]
        if host.hasPrefix("[") {
            host = host.dropFirst().prefix { $0 != "]" }
        } else {
            host = host.prefix { $0 != ":" }
        }
        if host.lowercased() == "localhost" { return true }
        return (try? IPPrefix(String(host)))?.address.isLoopback ?? false
    }
}
