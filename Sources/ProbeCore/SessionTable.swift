import Units

/// Who a test session runs between (RFC 8762 §4: source and destination addresses and ports). The SSID tells
/// sessions apart only where it is authenticated: TWAMP-Light senders fill those octets with random padding, new in
/// every packet.
public struct SessionKey: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    public var sourcePort: UInt16
    public var destinationPort: UInt16
    public var ssid: UInt16

    public init(
        source: IPAddress,
        destination: IPAddress,
        sourcePort: UInt16,
        destinationPort: UInt16,
        ssid: UInt16
    ) {
        self.source = source
        self.destination = destination
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.ssid = ssid
    }

    /// A hash that a stranger cannot steer without knowing the seed.
    func hash(seed: KeyedHash) -> UInt64 {
        var state = seed.start
        seed.mix(source.high, into: &state)
        seed.mix(source.low, into: &state)
        seed.mix(destination.high, into: &state)
        seed.mix(destination.low, into: &state)
        seed.mix(UInt64(sourcePort) << 32 | UInt64(destinationPort) << 16 | UInt64(ssid), into: &state)
        return state
    }
}

/// Multiply-and-fold hashing with a secret of its own. Not cryptographic: it only has to keep a stranger, who never
/// sees a hash, from filling one bucket.
struct KeyedHash: Sendable {
    let start: UInt64
    private let multiplier: UInt64

    init<Generator: RandomNumberGenerator>(using generator: inout Generator) {
        start = generator.next()
        multiplier = generator.next() | 1
    }

    @inline(__always)
    func mix(_ word: UInt64, into state: inout UInt64) {
        let product = (state ^ word ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: multiplier)
        state = product.high ^ product.low &+ 0x2545_f491_4f6c_dd1d
    }
}

/// What a stateful session-reflector remembers of one session.
public struct ReflectorSession: Sendable {
    /// The sequence number of the next reply: counts replies, independently of the requests' numbers.
    public var nextSequence: UInt32 = 0
    /// Requests received and replies sent, for the Direct Measurement TLV.
    public var received: UInt32 = 0
    public var transmitted: UInt32 = 0
    /// The previous reply and the kernel's time of its leaving, for the Follow-Up Telemetry TLV; time 0 when
    /// unknown.
    public var previousSequence: UInt32 = 0
    public var previousSentAt = WallInstant(nanosecondsSinceUnixEpoch: 0)
    public var lastSeen = MonotonicInstant(nanoseconds: 0)
}

/// Sessions by key in memory that is set aside once: when it is full, the session that was silent for longest makes
/// room. Nothing is allocated per packet, however many sessions strangers make up.
public struct SessionTable: Sendable {
    private struct Entry {
        var key: SessionKey
        var session = ReflectorSession()
        /// Next in the same bucket; neighbours in the order of use.
        var nextInBucket: Int32 = -1
        var newer: Int32 = -1
        var older: Int32 = -1
    }

    private var entries: [Entry]
    private var buckets: [Int32]
    private let seed: KeyedHash
    private var newest: Int32 = -1
    private var oldest: Int32 = -1
    private var used = 0
    private let idleTimeout: Nanoseconds
    /// Sessions that had to make room before they were idle.
    public private(set) var evicted = 0

    /// - Parameters:
    ///   - capacity: the most sessions at once.
    ///   - idleTimeout: a session silent for longer starts anew (TWAMP's REFWAIT is 900 s).
    public init<Generator: RandomNumberGenerator>(
        capacity: Int,
        idleTimeout: Nanoseconds,
        using generator: inout Generator
    ) {
        precondition(capacity > 0 && capacity < Int(Int32.max / 2))
        let nobody = IPAddress(ipv4: 0)
        let empty = SessionKey(source: nobody, destination: nobody, sourcePort: 0, destinationPort: 0, ssid: 0)
        entries = Array(repeating: Entry(key: empty), count: capacity)
        var size = 2
        while size < capacity * 2 { size *= 2 }
        buckets = Array(repeating: -1, count: size)
        seed = KeyedHash(using: &generator)
        self.idleTimeout = idleTimeout
    }

    public var count: Int { used }

    public subscript(slot: Int) -> ReflectorSession {
        _read { yield entries[slot].session }
        _modify { yield &entries[slot].session }
    }

    public func key(at slot: Int) -> SessionKey { entries[slot].key }

    /// The slot of a key's session, which becomes the newest; made when there is none.
    public mutating func slot(for key: SessionKey, now: MonotonicInstant) -> Int {
        let bucket = Int(truncatingIfNeeded: key.hash(seed: seed)) & (buckets.count - 1)
        var index = buckets[bucket]
        while index >= 0, entries[Int(index)].key != key { index = entries[Int(index)].nextInBucket }
        if index < 0 {
            index = claim(key, bucket: bucket, now: now)
        } else {
            if now - entries[Int(index)].session.lastSeen > idleTimeout {
                entries[Int(index)].session = ReflectorSession()
            }
            unlinkFromOrder(index)
        }
        linkAsNewest(index)
        entries[Int(index)].session.lastSeen = now
        return Int(index)
    }

    private mutating func claim(_ key: SessionKey, bucket: Int, now: MonotonicInstant) -> Int32 {
        let index: Int32
        if used < entries.count {
            index = Int32(used)
            used += 1
        } else {
            index = oldest
            if now - entries[Int(index)].session.lastSeen <= idleTimeout { evicted += 1 }
            unlinkFromOrder(index)
            unlinkFromBucket(index)
        }
        entries[Int(index)] = Entry(key: key)
        entries[Int(index)].nextInBucket = buckets[bucket]
        buckets[bucket] = index
        return index
    }

    private mutating func unlinkFromBucket(_ index: Int32) {
        let bucket = Int(truncatingIfNeeded: entries[Int(index)].key.hash(seed: seed)) & (buckets.count - 1)
        let after = entries[Int(index)].nextInBucket
        guard buckets[bucket] != index else {
            buckets[bucket] = after
            return
        }
        var before = buckets[bucket]
        while entries[Int(before)].nextInBucket != index { before = entries[Int(before)].nextInBucket }
        entries[Int(before)].nextInBucket = after
    }

    private mutating func unlinkFromOrder(_ index: Int32) {
        let (newer, older) = (entries[Int(index)].newer, entries[Int(index)].older)
        if newer >= 0 { entries[Int(newer)].older = older } else { newest = older }
        if older >= 0 { entries[Int(older)].newer = newer } else { oldest = newer }
    }

    private mutating func linkAsNewest(_ index: Int32) {
        entries[Int(index)].newer = -1
        entries[Int(index)].older = newest
        if newest >= 0 { entries[Int(newest)].newer = index } else { oldest = index }
        newest = index
    }
}
