import Units

/// Forward is site to far end, reverse is back.
enum Direction: String, Sendable {
    case forward, reverse
}

/// How much more than the base delay a packet takes.
enum JitterSpec: Equatable, Sendable {
    case none
    /// Between nothing and `width`, all equally likely.
    case uniform(width: Nanoseconds)
    /// Of the given standard deviation, to either side of the base delay; never less than no delay at all.
    case normal(deviation: Nanoseconds)
    case exponential(mean: Nanoseconds)
}

/// Which DSCP becomes which, for which port.
struct DSCPRule: Equatable, Sendable {
    /// Nil matches every mark.
    var from: DSCP?
    var to: DSCP
    /// Nil matches every service port.
    var port: UInt16?
}

/// The ICMP error that answers a packet in place of its receiver.
enum ICMPRefusal: String, Sendable {
    /// As from the destination itself.
    case portUnreachable = "port-unreachable"
    /// As from a router on the path.
    case administrativelyProhibited = "admin-prohibited"
}

/// The Gilbert-Elliott model with all packets lost in the bad state and none in the good one.
struct BurstSpec: Equatable, Sendable {
    /// Probabilities, before each packet, of changing from good to bad and from bad to good.
    var goodToBad: Double
    var badToGood: Double
}

/// What one direction of the link does to UDP packets. Shares are 0...1.
struct ImpairmentSpec: Equatable, Sendable {
    var delay = Nanoseconds.zero
    var jitter = JitterSpec.none
    /// Whether a packet with a short delay waits for those that entered before it.
    var keepsOrder = true
    var loss = 0.0
    var burst: BurstSpec?
    var duplicate = 0.0
    /// The share of packets that take `reorderDelay` more and are overtaken meanwhile.
    var reorder = 0.0
    var reorderDelay = Nanoseconds.zero
    var dscpRules: [DSCPRule] = []
    var blockedPorts: Set<UInt16> = []
    var refusedPorts: [UInt16: ICMPRefusal] = [:]
    /// When nothing passes, counted from the first UDP packet in either direction.
    var outage: Range<Nanoseconds>?
    /// Bits per second on the wire, Ethernet header included; nil is unlimited.
    var bitsPerSecond: Double?
    /// The longest wait for `bitsPerSecond` before packets are dropped.
    var queueLimit = Nanoseconds.milliseconds(200)
}
