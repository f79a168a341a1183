import Statistics
import Units

/// Whether this host measured well enough for its numbers to be held against the network.
///
/// A host that is too busy makes its own delay, jitter and loss. What it adds only ever makes a path look worse, so
/// a grade of ready stands; anything worse is not blamed on the network:
///
/// - Send times that missed the grid do no harm while the kernel says when a packet really left. When it does not, the
///   time read before the call and the time read after waking up are all there is, and delay and jitter that look
///   bad are inconclusive.
/// - Replies that this host's socket buffers dropped were not lost by the network: so many fewer losses are proven.
struct ProbeCondition {
    /// A probe above either of these was overloaded.
    static let mostMissedSends = 0.001
    static let greatestSendError = Nanoseconds.milliseconds(5)
    /// Below this share the kernel's timestamps cannot be relied on.
    static let leastKernelTimestamps = 0.9

    let quality: ProbeQuality
    let sent: Int

    init(_ evidence: CheckEvidence) {
        quality = evidence.probeQuality
        sent = evidence.endpoints.reduce(0) { total, endpoint in
            endpoint.ports.reduce(total) { $0 &+ $1.statistics.packets.sent }
        }
    }

    var missedRatio: Double {
        let places = Double(quality.missedSends) + Double(sent)
        return places > 0 ? Double(quality.missedSends) / places : 0
    }

    var isOverloaded: Bool {
        missedRatio > Self.mostMissedSends || quality.sendErrorP99 > Self.greatestSendError
    }

    var lacksKernelTimestamps: Bool { quality.kernelTimestampsRatio < Self.leastKernelTimestamps }

    var distortsDelay: Bool { isOverloaded && lacksKernelTimestamps }
}
