import Units

/// The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little endian.
struct PcapngFile {
    enum Direction: UInt32 {
        case inbound = 1
        case outbound = 2
    }

    /// LINKTYPE_ETHERNET. The one for bare IP packets would do without made-up addresses, but libpcap 1.10 refuses a
    /// second interface of it.
    private static let ethernet: UInt16 = 1
    private static let commentOption: UInt16 = 1

    private(set) var octets: [UInt8] = []

    init(comment: String, application: String) {
        var body: [UInt8] = []
        body.append(little: 0x1a2b_3c4d as UInt32)
        body.append(little: 1 as UInt16)
        body.append(little: 0 as UInt16)
        // The section's length is not said.
        body.append(little: UInt64.max)
        body.append(option: Self.commentOption, Array(comment.utf8))
        body.append(option: 4, Array(application.utf8))
        append(block: 0x0a0d_0d0a, body + [0, 0, 0, 0])
    }

    /// Interfaces are numbered from 0 in the order of this.
    mutating func addInterface(name: String, description: String) {
        var body: [UInt8] = []
        body.append(little: Self.ethernet)
        body.append(little: 0 as UInt16)
        body.append(little: 0 as UInt32)
        body.append(option: 2, Array(name.utf8))
        body.append(option: 3, Array(description.utf8))
        // Times in units of 10⁻⁹ s.
        body.append(option: 9, [9])
        append(block: 1, body + [0, 0, 0, 0])
    }

    mutating func add(_ packet: [UInt8], interface: UInt32, at: WallInstant, _ direction: Direction, comment: String) {
        let time = UInt64(clamping: at.nanosecondsSinceUnixEpoch)
        var body: [UInt8] = []
        body.append(little: interface)
        body.append(little: UInt32(truncatingIfNeeded: time >> 32))
        body.append(little: UInt32(truncatingIfNeeded: time))
        body.append(little: UInt32(packet.count))
        body.append(little: UInt32(packet.count))
        body += packet
        body.pad()
        body.append(option: Self.commentOption, Array(comment.utf8))
        var flags: [UInt8] = []
        flags.append(little: direction.rawValue)
        body.append(option: 2, flags)
        append(block: 6, body + [0, 0, 0, 0])
    }

    private mutating func append(block type: UInt32, _ body: [UInt8]) {
        let length = UInt32(body.count + 12)
        octets.append(little: type)
        octets.append(little: length)
        octets += body
        octets.append(little: length)
    }
}

extension [UInt8] {
    fileprivate mutating func append(little number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// To a multiple of four octets; blocks and options begin at one.
    fileprivate mutating func pad() {
        while !count.isMultiple(of: 4) { append(0) }
    }

    fileprivate mutating func append(option code: UInt16, _ value: [UInt8]) {
        // The length of an option has 16 bits.
        let value = value.prefix(Int(UInt16.max))
        append(little: code)
        append(little: UInt16(value.count))
        self += value
        pad()
    }
}
