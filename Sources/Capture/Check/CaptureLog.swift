import Readiness
import Units

/// What a capture saw of a check's own packets on one interface.
public struct CaptureLog: Sendable {
    /// One packet, in 24 octets.
    struct Record: BitwiseCopyable {
        var at: WallInstant
        var stream: UInt32
        var number: UInt32
        var trafficClass: UInt8
        var isReply: Bool
        var hasNumber: Bool
        /// The number is to be read against that of the stream's first request.
        var isMasked = false
    }

    /// The marks of the packets of one port on the wire.
    public struct Marks: Hashable, Sendable {
        /// As they left this host.
        public var egress = MarkSeries()
        /// Replies as they came back to it.
        public var returned = MarkSeries()

        public init() {}
    }

    public internal(set) var interface: String
    var records: [Record] = []
    public internal(set) var statistics: PacketSource.Statistics?
    /// Why the capture ended before the check did; nil where it did not.
    public internal(set) var failure: CaptureFailure?

    init(interface: String) { self.interface = interface }

    /// Packets of the check that were seen, lead-in and tail included.
    public var packets: Int { records.count }
}

extension [CaptureLog] {
    /// Counts the packets that a check measures, each once however often and on however many interfaces it was seen, by
    /// group of streams.
    ///
    /// - Parameters:
    ///   - groups: for each stream the group that it belongs to, from 0.
    ///   - measured: for each stream the numbers of the packets that count.
    ///   - period: when they were sent and answered, for packets of which so little was captured that they have no
    ///     number.
    ///   - masks: by stream, what the numbers of its packets are hidden under; nil where the captures themselves tell.
    public func marks(
        groups: [Int],
        measured: [Range<Int>],
        period: ClosedRange<WallInstant>,
        masks: [UInt32?]? = nil
    ) -> [CaptureLog.Marks] {
        var marks = Array<CaptureLog.Marks>(repeating: .init(), count: (groups.max() ?? -1) + 1)
        var seen = SeenNumbers(measured)
        let masks = masks ?? self.masks(streams: groups.count)
        for record in inOrder {
            let stream = Int(record.stream)
            guard stream < groups.count else { continue }
            if record.hasNumber {
                let number = record.isMasked ? record.number ^ (masks[stream] ?? 0) : record.number
                guard seen.insert(Int(number), of: stream, isReply: record.isReply) else { continue }
            } else {
                guard period.contains(record.at) else { continue }
            }
            if record.isReply {
                marks[groups[stream]].returned.note(trafficClass: record.trafficClass, at: record.at)
            } else {
                marks[groups[stream]].egress.note(trafficClass: record.trafficClass, at: record.at)
            }
        }
        return marks
    }

    private var inOrder: [CaptureLog.Record] {
        count == 1 ? self[0].records : flatMap(\.records).sorted { $0.at < $1.at }
    }

    /// By stream, what the numbers of its packets are hidden under: that of its first request. The captures begin before
    /// the first packet leaves.
    public func masks(streams: Int) -> [UInt32?] {
        var first = [CaptureLog.Record?](repeating: nil, count: streams)
        for record in lazy.flatMap(\.records) where record.isMasked && !record.isReply {
            let stream = Int(record.stream)
            guard stream < streams, record.hasNumber else { continue }
            if let earlier = first[stream], earlier.at <= record.at { continue }
            first[stream] = record
        }
        return first.map { $0?.number }
    }
}

/// Which measured packets were counted already, in either direction.
private struct SeenNumbers {
    private let measured: [Range<Int>]
    private var requests: [[Bool]]
    private var replies: [[Bool]]

    init(_ measured: [Range<Int>]) {
        self.measured = measured
        requests = measured.map { Array(repeating: false, count: $0.count) }
        replies = requests
    }

    /// Whether it counts and did not yet.
    mutating func insert(_ number: Int, of stream: Int, isReply: Bool) -> Bool {
        guard stream < measured.count, measured[stream].contains(number) else { return false }
        let index = number - measured[stream].lowerBound
        if isReply {
            guard !replies[stream][index] else { return false }
            replies[stream][index] = true
        } else {
            guard !requests[stream][index] else { return false }
            requests[stream][index] = true
        }
        return true
    }
}
