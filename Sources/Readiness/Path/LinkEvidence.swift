import Units

/// Counters of an interface, and by how much they grew during the check.
public struct LinkGrowth: Hashable, Sendable {
    public var receivedPackets: Int
    public var sentPackets: Int
    public var receiveErrors: Int
    public var transmitErrors: Int
    /// Of the receive errors, wrong checksums.
    public var checksumErrors: Int
    public var receiveDrops: Int
    public var transmitDrops: Int
    public var collisions: Int

    public init(
        receivedPackets: Int = 0,
        sentPackets: Int = 0,
        receiveErrors: Int = 0,
        transmitErrors: Int = 0,
        checksumErrors: Int = 0,
        receiveDrops: Int = 0,
        transmitDrops: Int = 0,
        collisions: Int = 0
    ) {
        self.receivedPackets = receivedPackets
        self.sentPackets = sentPackets
        self.receiveErrors = receiveErrors
        self.transmitErrors = transmitErrors
        self.checksumErrors = checksumErrors
        self.receiveDrops = receiveDrops
        self.transmitDrops = transmitDrops
        self.collisions = collisions
    }

    public var errors: Int { receiveErrors &+ transmitErrors }
}

/// An interface that media leaves by.
public struct LinkEvidence: Hashable, Sendable {
    public enum Duplex: String, Hashable, Sendable {
        case half, full
    }

    public var interface: String
    public var kind: InterfaceKind
    public var hardwareAddress: String?
    /// Address ranges of the interface itself.
    public var subnets: [IPPrefix]
    /// Octets of an IP packet.
    public var mtu: Int?
    /// Mbit/s; nil where the driver does not say.
    public var speed: Int?
    public var duplex: Duplex?
    /// Nil where the driver does not say.
    public var isNegotiated: Bool?
    /// Nil where there is no before and after.
    public var during: LinkGrowth?

    public init(
        interface: String,
        kind: InterfaceKind,
        hardwareAddress: String? = nil,
        subnets: [IPPrefix] = [],
        mtu: Int? = nil,
        speed: Int? = nil,
        duplex: Duplex? = nil,
        isNegotiated: Bool? = nil,
        during: LinkGrowth? = nil
    ) {
        self.interface = interface
        self.kind = kind
        self.hardwareAddress = hardwareAddress
        self.subnets = subnets
        self.mtu = mtu
        self.speed = speed
        self.duplex = duplex
        self.isNegotiated = isNegotiated
        self.during = during
    }
}
