import Readiness
import Statistics
import Units

/// What a check put on the line, all endpoints together, at the level of IP packets.
public struct LoadDocument: Codable, Hashable, Sendable {
    /// Simultaneous calls to each endpoint; absent where each port carried one stream.
    public var callsPerEndpoint: Int?
    /// As sent from here.
    public var forwardKilobitsPerSecond: Double
    /// As it came back.
    public var reverseKilobitsPerSecond: Double

    enum CodingKeys: String, CodingKey {
        case callsPerEndpoint = "calls_per_endpoint"
        case forwardKilobitsPerSecond = "forward_kbps"
        case reverseKilobitsPerSecond = "reverse_kbps"
    }
}

extension LoadDocument {
    private static let udpHeader = 8

    /// Nil when nothing was sent for any time.
    init?(_ evidence: CheckEvidence, _ description: CheckDescription) {
        let seconds = evidence.duration.seconds
        guard seconds > 0 else { return nil }
        func rate(_ count: KeyPath<PacketCounts, Int>) -> Double {
            let octets = evidence.endpoints.reduce(0) { sum, endpoint in
                let ipHeader = endpoint.address.contains(":") ? 40 : 20
                return endpoint.ports.reduce(sum) { sum, port in
                    let stream = description.stream(of: endpoint.name, port: port.port)
                    let payload = stream?.payloadBytes ?? description.payloadBytes
                    let octets = Double(payload + Self.udpHeader + ipHeader)
                    return sum + Double(port.statistics.packets[keyPath: count]) * octets
                }
            }
            return (octets * 8 / seconds / 1_000).rounded(to: 1)
        }
        self.init(
            callsPerEndpoint: description.calls,
            forwardKilobitsPerSecond: rate(\.sent),
            reverseKilobitsPerSecond: rate(\.received)
        )
    }
}

/// How many calls a site carries within target.
public struct CapacityDocument: Codable, Hashable, Sendable {
    public struct Trial: Codable, Hashable, Sendable {
        public var calls: Int
        /// Each direction, as offered, at the level of IP packets.
        public var kilobitsPerSecond: Double
        public var delayP95Milliseconds: Double?
        public var jitterMilliseconds: Double?
        public var lossRatio: Double?
        public var carried: Bool
        /// The criteria whose value did not meet its target.
        public var broken: [String]

        enum CodingKeys: String, CodingKey {
            case calls, carried, broken
            case kilobitsPerSecond = "kbps"
            case delayP95Milliseconds = "delay_p95_ms"
            case jitterMilliseconds = "jitter_ms"
            case lossRatio = "loss_ratio"
        }
    }

    /// The most calls that were carried; absent when not even the fewest tried were.
    public var calls: Int?
    /// The search went no further than this.
    public var upTo: Int
    /// What broke with one more step; empty when nothing did up to `up_to`.
    public var limitedBy: [String]
    /// Between which rates of each direction queueing begins, the low and the high end; absent when none was seen.
    public var queueingBeginsKilobitsPerSecond: [Double]?
    /// In the order in which they were made.
    public var trials: [Trial]

    enum CodingKeys: String, CodingKey {
        case calls, trials
        case upTo = "up_to"
        case limitedBy = "limited_by"
        case queueingBeginsKilobitsPerSecond = "queueing_begins_kbps"
    }
}

extension CapacityDocument {
    init(_ search: CapacitySearch) {
        self.init(
            calls: search.carried,
            upTo: search.upTo,
            limitedBy: search.limitedBy.map(\.rawValue),
            queueingBeginsKilobitsPerSecond: search.queueingBegins.map {
                [$0.lowerBound.rounded(to: 1), $0.upperBound.rounded(to: 1)]
            },
            trials: search.trials.map(Trial.init)
        )
    }
}

extension CapacityDocument.Trial {
    init(_ trial: CapacityTrial) {
        self.init(
            calls: trial.calls,
            kilobitsPerSecond: trial.kilobitsPerSecond.rounded(to: 1),
            delayP95Milliseconds: trial.delayP95?.roundedMilliseconds,
            jitterMilliseconds: trial.jitter?.roundedMilliseconds,
            lossRatio: trial.lossRatio?.roundedRatio,
            carried: trial.isCarried,
            broken: trial.broken.map(\.rawValue)
        )
    }
}
