import Units

/// A message to the kernel, as it is put together.
public struct NetlinkRequest: Hashable, Sendable {
    public var type: UInt16
    public var flags: UInt16
    public private(set) var body: [UInt8]

    init(type: UInt16, flags: UInt16 = NetlinkMessage.Flag.request, fixed: [UInt8] = []) {
        self.type = type
        self.flags = flags
        body = fixed
    }

    mutating func append(_ type: UInt16, _ value: [UInt8]) {
        body.append(host: UInt16(truncatingIfNeeded: value.count + 4))
        body.append(host: type)
        body += value
        while body.count % 4 != 0 { body.append(0) }
    }

    mutating func append(_ type: UInt16, _ value: some FixedWidthInteger & UnsignedInteger) {
        var octets: [UInt8] = []
        octets.append(host: value)
        append(type, octets)
    }

    mutating func append(_ type: UInt16, name: String) { append(type, Array(name.utf8) + [0]) }

    mutating func append(_ type: UInt16, address: IPAddress) {
        var octets: [UInt8] = []
        octets.append(address)
        append(type, octets)
    }

    /// As it goes to the kernel.
    ///
    /// - Parameter sequence: comes back in every message of the answer.
    public func encoded(sequence: UInt32) -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(host: UInt32(truncatingIfNeeded: NetlinkMessage.headerLength + body.count))
        octets.append(host: type)
        octets.append(host: flags)
        octets.append(host: sequence)
        octets.append(host: UInt32(0))
        return octets + body
    }
}
