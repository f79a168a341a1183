import LinuxNet
import Units

/// An endpoint and the one of its addresses that is measured.
struct Target {
    var endpoint: Endpoint
    var address: SocketAddress
    /// Everything that the name stands for, in the resolver's order.
    var resolved: [IPAddress]

    /// Takes the first address, in the resolver's order, to which this host has a route: a probe must know what it
    /// measures, so there is no race between addresses.
    init(_ endpoint: Endpoint) throws {
        let addresses: [SocketAddress]
        do throws(Resolver.Failure) {
            addresses = try Resolver.addresses(of: endpoint.host)
        } catch {
            throw CommandFailure(status: ExitStatus.noHost, message: error.description)
        }
        var reasons: [String] = []
        for address in addresses {
            do throws(SystemError) {
                try Route.check(to: address)
                self.endpoint = endpoint
                self.address = address
                resolved = addresses.map(\.address)
                return
            } catch {
                reasons.append("\(address.address): \(SystemError.reason(error.errno))")
            }
        }
        throw CommandFailure(
            status: ExitStatus.noHost,
            message: "this host has no route to '\(endpoint.host)' (\(reasons.joined(separator: "; ")))"
        )
    }

    /// The endpoint, and its address where that says more.
    var title: String {
        let address = address.address.description
        return endpoint.host == address ? endpoint.description : "\(endpoint) (\(address))"
    }
}
