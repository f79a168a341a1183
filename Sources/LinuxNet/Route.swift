import Units

/// The kernel's way to an address.
public enum Route {
    /// Finds a route without sending anything.
    ///
    /// - Throws: ``SystemError`` where there is none, or its use is forbidden.
    public static func check(to address: SocketAddress) throws(SystemError) {
        let socket = try UDPSocket(family: address.address.family)
        var address = address
        if address.port == 0 { address.port = 9 }
        try socket.connect(to: address)
    }
}
