import CImpairmentLink
import Units

/// Carries frames between the two interfaces, each direction under its own impairments, until told to stop.
struct Bridge: ~Copyable {
    /// How long before a release the link stops sleeping: longer than a wake-up is usually late.
    static let spin = Nanoseconds.microseconds(100)
    /// Frames taken from one socket before the other one and the releases get their turn.
    static let batch = 32
    static let bufferCount = 16_384

    private let site: PacketSocket
    private let far: PacketSocket
    private var forward: DirectionPolicy
    private var reverse: DirectionPolicy
    private var pool = FramePool(count: Bridge.bufferCount)
    private var queue = ReleaseQueue(capacity: Bridge.bufferCount)
    private var firstPacketAt: WallInstant?
    private(set) var log = FrameLog(capacity: 400_000)
    private(set) var faults = LinkFaults()

    init(
        siteInterface: String,
        farInterface: String,
        forward: DirectionPolicy,
        reverse: DirectionPolicy
    ) throws(LinkFailure) {
        let site = try PacketSocket(interface: siteInterface)
        let far = try PacketSocket(interface: farInterface)
        self.site = site
        self.far = far
        self.forward = forward
        self.reverse = reverse
    }

    /// Runs until `termination` becomes readable.
    mutating func run(until termination: Int32) throws(LinkFailure) {
        let clockAtStart = RealTime.wallMinusMonotonic()
        while true {
            takeArrivals(.forward)
            takeArrivals(.reverse)
            releaseDue()
            if try waitForWork(termination) { break }
        }
        faults.clockStep = (RealTime.wallMinusMonotonic() - clockAtStart).magnitude
        faults.socketDrops = try site.takeDrops() + far.takeDrops()
    }

    /// Sleeps until a frame arrives or is nearly due. True when the link is to stop.
    private func waitForWork(_ termination: Int32) throws(LinkFailure) -> Bool {
        let wait = queue.nextRelease.map { max($0 - RealTime.now() - Bridge.spin, .zero).count } ?? -1
        let result = link_wait(site.descriptor, far.descriptor, termination, wait)
        guard result >= 0 else { throw .system("ppoll") }
        return result == 1
    }

    private mutating func takeArrivals(_ direction: Direction) {
        for _ in 0..<Bridge.batch {
            guard let buffer = pool.take() else {
                faults.overflows += 1
                return
            }
            let memory = pool[buffer]
            let arrival = direction == .forward ? site.receive(into: memory) : far.receive(into: memory)
            guard let arrival else {
                pool.giveBack(buffer)
                return
            }
            if arrival.isOutgoing || !admit(arrival, buffer: buffer, direction: direction) { pool.giveBack(buffer) }
        }
    }

    /// Decides what becomes of a frame. False when its buffer is free again.
    private mutating func admit(_ arrival: PacketSocket.Arrival, buffer: Int, direction: Direction) -> Bool {
        guard arrival.length <= FramePool.bufferLength else {
            faults.oversized += 1
            return false
        }
        guard let receivedAt = arrival.receivedAt else {
            faults.unstamped += 1
            return false
        }
        let frame = UnsafeMutableRawBufferPointer(rebasing: pool[buffer][..<arrival.length])
        guard let parsed = UDPFrame(UnsafeRawBufferPointer(frame)) else {
            let release = passing(direction, receivedAt: receivedAt)
            queue.insert(
                PendingFrame(release: release, direction: direction, buffer: buffer, length: frame.count, record: nil)
            )
            return true
        }
        if arrival.lacksChecksum { faults.unfinishedChecksums += 1 }
        return impair(frame, parsed: parsed, buffer: buffer, direction: direction, receivedAt: receivedAt)
    }

    private mutating func passing(_ direction: Direction, receivedAt: WallInstant) -> WallInstant {
        direction == .forward
            ? forward.passing(receivedAt: receivedAt) : reverse.passing(receivedAt: receivedAt)
    }

    private mutating func impair(
        _ frame: UnsafeMutableRawBufferPointer,
        parsed: UDPFrame,
        buffer: Int,
        direction: Direction,
        receivedAt: WallInstant
    ) -> Bool {
        let first = firstPacketAt ?? receivedAt
        firstPacketAt = first
        let facts = PacketFacts(
            servicePort: direction == .forward ? parsed.destinationPort : parsed.sourcePort,
            dscp: parsed.dscp,
            frameLength: frame.count,
            receivedAt: receivedAt
        )
        let verdict =
            direction == .forward
            ? forward.decide(facts, sinceFirstPacket: receivedAt - first)
            : reverse.decide(facts, sinceFirstPacket: receivedAt - first)
        var record = FrameRecord(
            UnsafeRawBufferPointer(frame),
            parsed: parsed,
            direction: direction,
            receivedAt: receivedAt
        )
        record.dscpOut = verdict.dscp
        return carry(verdict, frame: frame, parsed: parsed, buffer: buffer, record: &record)
    }

    /// Carries a verdict out. False when the frame goes no further and its buffer is free again.
    private mutating func carry(
        _ verdict: Verdict,
        frame: UnsafeMutableRawBufferPointer,
        parsed: UDPFrame,
        buffer: Int,
        record: inout FrameRecord
    ) -> Bool {
        let dropped: LoggedFate
        switch verdict.fate {
        case .forward, .duplicate:
            var parsed = parsed
            parsed.remark(verdict.dscp, in: frame)
            record.plannedAt = verdict.release
            enqueue(buffer: buffer, length: frame.count, record: record)
            if verdict.fate == .duplicate { enqueueCopy(of: frame, record: record) }
            return true
        case .refused(let refusal):
            dropped = .refused
            answer(frame, parsed: parsed, refusal: refusal, direction: record.direction, at: verdict.release)
        case .lost: dropped = .lost
        case .outage: dropped = .outage
        case .blocked: dropped = .blocked
        case .queueFull: dropped = .queueFull
        }
        record.fate = dropped
        _ = log.append(record)
        return false
    }

    private mutating func enqueue(buffer: Int, length: Int, record: FrameRecord) {
        let line = log.append(record)
        let release = record.plannedAt ?? record.receivedAt
        queue.insert(
            PendingFrame(release: release, direction: record.direction, buffer: buffer, length: length, record: line)
        )
    }

    private mutating func enqueueCopy(of frame: UnsafeMutableRawBufferPointer, record: FrameRecord) {
        var record = record
        guard let copy = pool.take() else {
            faults.overflows += 1
            record.fate = .overflow
            _ = log.append(record)
            return
        }
        pool[copy].copyMemory(from: UnsafeRawBufferPointer(frame))
        record.fate = .duplicate
        enqueue(buffer: copy, length: frame.count, record: record)
    }

    /// Sends an ICMP error back to where the frame came from.
    private mutating func answer(
        _ frame: UnsafeMutableRawBufferPointer,
        parsed: UDPFrame,
        refusal: ICMPRefusal,
        direction: Direction,
        at release: WallInstant
    ) {
        guard let buffer = pool.take() else {
            faults.overflows += 1
            return
        }
        let error = ICMPError(refusal: refusal).answer(to: UnsafeRawBufferPointer(frame), parsed: parsed)
        pool[buffer].copyBytes(from: error)
        let back = direction == .forward ? Direction.reverse : .forward
        queue.insert(
            PendingFrame(release: release, direction: back, buffer: buffer, length: error.count, record: nil)
        )
    }

    /// Sends what is due, and waits awake for what is nearly due.
    private mutating func releaseDue() {
        while let next = queue.nextRelease {
            var now = RealTime.now()
            guard next - now <= Bridge.spin else { return }
            while now < next { now = RealTime.now() }
            guard let frame = queue.popDue(by: now) else { return }
            let octets = UnsafeRawBufferPointer(rebasing: pool[frame.buffer][..<frame.length])
            let accepted = frame.direction == .forward ? far.send(octets) : site.send(octets)
            settle(frame, accepted: accepted, began: now, ended: RealTime.now())
            pool.giveBack(frame.buffer)
        }
    }

    private mutating func settle(_ frame: PendingFrame, accepted: Bool, began: WallInstant, ended: WallInstant) {
        if !accepted { faults.refusedSends += 1 }
        guard let record = frame.record else { return }
        let copy = log.records[record].fate == .duplicate
        log.settle(record, fate: accepted ? (copy ? .duplicate : .sent) : .sendFailed, began: began, ended: ended)
    }
}

extension FrameRecord {
    init(_ frame: UnsafeRawBufferPointer, parsed: UDPFrame, direction: Direction, receivedAt: WallInstant) {
        let (offset, length) = parsed.addresses
        let headEnd = parsed.payloadOffset + min(parsed.payloadLength, FrameLog.payloadHeadLength)
        self.init(
            direction: direction,
            frame: parsed,
            source: Array(frame[offset..<offset + length]),
            destination: Array(frame[offset + length..<offset + 2 * length]),
            payloadHead: Array(frame[parsed.payloadOffset..<headEnd]),
            dscpOut: parsed.dscp,
            receivedAt: receivedAt,
            plannedAt: nil,
            sendBegan: nil,
            sendEnded: nil,
            fate: .unsent
        )
    }
}

/// What went wrong in the link itself, as opposed to what it was told to do.
struct LinkFaults: Sendable {
    var socketDrops = 0
    var overflows = 0
    var oversized = 0
    var unstamped = 0
    /// Frames whose checksum was left to hardware: an offload is still on, and the receiver may drop them.
    var unfinishedChecksums = 0
    var clockStep = Nanoseconds.zero
    /// Not a fault of the link, since an interface may be taken down on purpose.
    var refusedSends = 0

    /// Whether the log tells the whole truth.
    var logIsComplete: Bool {
        socketDrops == 0 && overflows == 0 && oversized == 0 && unstamped == 0 && unfinishedChecksums == 0
            && clockStep < .milliseconds(1)
    }

    var summary: String {
        "socket_drops=\(socketDrops) overflows=\(overflows) oversized=\(oversized) unstamped=\(unstamped) "
            + "unfinished_checksums=\(unfinishedChecksums) clock_step_ns=\(clockStep.count) "
            + "refused_sends=\(refusedSends)"
    }
}
