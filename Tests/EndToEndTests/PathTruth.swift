import Foundation

/// What the path really did to one stream in one direction, worked out from the link's log by the definitions alone.
struct PathTruth: Sendable {
    /// Distinct packets of the measured range that entered the link.
    var offered: Int
    /// Of those, the ones of which no copy left it.
    var lost: Int
    /// Extra copies that the link made.
    var duplicates: Int
    /// Packets that left the link after one that had entered it later (RFC 4737 §3.3 with the order of entering as
    /// the numbering, so that what one direction reordered does not count for the other), first copies only.
    var reordered: Int
    /// Runs of consecutive numbers that were lost.
    var longestLossPeriod: Int
    /// Time in the link, milliseconds, of the first copy of each packet, ascending.
    var delays: [Double]
    /// The same at least and at most, each ascending: the link knows to within its call to send when a frame left, and
    /// on two processors that call can be held up.
    private var shortestDelays: [Double]
    private var longestDelays: [Double]
    /// Interarrival jitter (RFC 3550 §6.4.1) after each packet but the first, in the order of arrival, milliseconds.
    var jitters: [Double]
    /// Frames by the mark with which they left, extra copies left out.
    var marksOut: [String: Int]

    var delayMinimum: Double { delays.first ?? .nan }
    var delayMedian: Double { percentile(0.5) }
    var delayP95: Double { percentile(0.95) }
    var delayMaximum: Double { delays.last ?? .nan }
    var jitterLast: Double { jitters.last ?? .nan }
    var jitterMean: Double { jitters.reduce(0, +) / Double(jitters.count) }
    var jitterMaximum: Double { jitters.max() ?? .nan }

    /// The smallest delay that at least `share` of the packets did not exceed.
    func percentile(_ share: Double) -> Double { Self.percentile(share, of: delays) }

    /// Between which two the true percentile lies; nil where nothing left the link.
    func delayBounds(_ share: Double) -> ClosedRange<Double>? {
        guard !delays.isEmpty else { return nil }
        return Self.percentile(share, of: shortestDelays)...Self.percentile(share, of: longestDelays)
    }

    private static func percentile(_ share: Double, of ascending: [Double]) -> Double {
        guard !ascending.isEmpty else { return .nan }
        let rank = Int((share * Double(ascending.count)).rounded(.up))
        return ascending[min(max(rank, 1), ascending.count) - 1]
    }

    init(
        _ log: [LoggedFrame],
        direction: LoggedFrame.Direction,
        port: UInt16,
        sequences: ClosedRange<UInt32>,
        authenticated: Bool = false
    ) {
        let frames: [(sequence: UInt32, frame: LoggedFrame)] = log.compactMap { frame in
            guard frame.direction == direction, frame.servicePort == port else { return nil }
            guard let sequence = frame.senderSequence(authenticated: authenticated) else { return nil }
            return sequences.contains(sequence) ? (sequence, frame) : nil
        }
        let arrivals = Self.firstArrivals(frames)
        let entered = Set(frames.map(\.sequence))
        let missing = entered.subtracting(arrivals.map(\.sequence))
        offered = entered.count
        lost = missing.count
        duplicates = frames.filter { $0.frame.fate == "duplicate" }.count
        reordered = Self.reordered(arrivals.map(\.entered))
        longestLossPeriod = Self.longestRun(missing)
        delays = arrivals.map { Double($0.left - $0.entered) / 1e6 }.sorted()
        shortestDelays = arrivals.map { Double($0.left - $0.entered - $0.doubt) / 1e6 }.sorted()
        longestDelays = arrivals.map { Double($0.left - $0.entered + $0.doubt) / 1e6 }.sorted()
        jitters = Self.interarrivalJitter(arrivals)
        marksOut = Dictionary(arrivals.map { ("\($0.mark)", 1) }, uniquingKeysWith: +)
    }

    private struct Arrival {
        var sequence: UInt32
        var entered: Int64
        var left: Int64
        /// It left within so much of that.
        var doubt: Int64
        var mark: Int
    }

    /// The first copy of each packet that left the link, in the order of leaving.
    private static func firstArrivals(_ frames: [(sequence: UInt32, frame: LoggedFrame)]) -> [Arrival] {
        var seen: Set<UInt32> = []
        return
            frames
            .compactMap { sequence, frame in
                frame.left
                    ? frame.sentAt.map {
                        Arrival(
                            sequence: sequence,
                            entered: frame.receivedAt,
                            left: $0,
                            doubt: (frame.sendCall ?? 0) / 2,
                            mark: frame.dscpOut
                        )
                    } : nil
            }
            .sorted { ($0.left, $0.sequence) < ($1.left, $1.sequence) }
            .filter { seen.insert($0.sequence).inserted }
    }

    private static func reordered(_ entries: [Int64]) -> Int {
        var latest = Int64.min
        var count = 0
        for entry in entries {
            if entry > latest { latest = entry } else { count += 1 }
        }
        return count
    }

    private static func longestRun(_ sequences: Set<UInt32>) -> Int {
        let starts = sequences.filter { $0 == 0 || !sequences.contains($0 - 1) }
        return starts.map { start in (start...).prefix { sequences.contains($0) }.count }.max() ?? 0
    }

    private static func interarrivalJitter(_ arrivals: [Arrival]) -> [Double] {
        var jitter = 0.0
        return zip(arrivals, arrivals.dropFirst()).map { before, now in
            let difference = (now.left - before.left) - (now.entered - before.entered)
            jitter += (abs(Double(difference)) / 1e6 - jitter) / 16
            return jitter
        }
    }
}
