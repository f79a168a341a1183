import Readiness
import Units

/// What an audit of Teams media has seen so far. Its size depends on the number of hosts alone, which has a bound.
public struct MediaAudit: Sendable {
    /// One class of media in one direction.
    public struct Stream: Sendable {
        public var tally = MarkTally()
        public var series = MarkSeries()
        /// Octets of IP packets.
        public var octets = 0

        @inline(__always)
        fileprivate mutating func note(_ packet: UDPPacket, required: DSCP?, at instant: WallInstant) {
            tally.note(packet.dscp, required: required)
            series.note(trafficClass: packet.trafficClass, at: instant)
            octets &+= packet.ipLength
        }
    }

    public let rules: MediaRules
    /// In pairs, outbound and inbound, by class; the last pair is media from ports of no class.
    public private(set) var streams: [Stream]
    public private(set) var hosts: HostTable
    /// Frames that were read.
    public private(set) var frames = 0
    /// Packets that are media.
    public private(set) var media = 0
    /// Frames without a UDP packet, by reason.
    public private(set) var refused = DissectionCounts()
    public private(set) var firstAt: WallInstant?
    public private(set) var lastAt: WallInstant?

    public init(rules: MediaRules, hostLimit: Int) {
        self.rules = rules
        let slots = (rules.classes.count + 1) * 2
        streams = Array(repeating: Stream(), count: slots)
        hosts = HostTable(limit: hostLimit, slots: slots)
    }

    /// Where a class and a direction stand in ``streams`` and in a host's tallies.
    public static func slot(_ mediaClass: Int, _ direction: MediaDirection) -> Int {
        mediaClass * 2 + (direction == .outbound ? 0 : 1)
    }

    @inline(__always)
    public mutating func note(_ frame: Span<UInt8>, at instant: WallInstant, by dissector: Dissector) {
        frames &+= 1
        if let first = firstAt, let last = lastAt {
            if instant > last { lastAt = instant }
            if instant < first { firstAt = instant }
        } else {
            (firstAt, lastAt) = (instant, instant)
        }
        do throws(DissectionRefusal) {
            let packet = try dissector.packet(in: frame)
            guard let match = rules.match(packet) else { return }
            note(packet, match, at: instant)
        } catch {
            refused.count(error)
        }
    }

    private mutating func note(_ packet: UDPPacket, _ match: MediaRules.Match, at instant: WallInstant) {
        let required = match.mediaClass < rules.classes.count ? rules.classes[match.mediaClass].required : nil
        let slot = Self.slot(match.mediaClass, match.direction)
        media &+= 1
        streams[slot].note(packet, required: required, at: instant)
        hosts.note(packet.dscp, required: required, host: match.client, slot: slot)
    }

    /// Reads what the source has, so many frames at the most.
    ///
    /// - Returns: what came last.
    public mutating func read(_ source: PacketSource, atMost count: Int) throws(CaptureFailure) -> PacketSource.Event {
        let dissector = source.dissector
        for _ in 0..<count {
            let event = try source.next { frame, instant in note(frame, at: instant, by: dissector) }
            if event != .packet { return event }
        }
        return .packet
    }
}
