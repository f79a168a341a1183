import Results

/// Which way figures are of. Forward is site to far end.
public enum FigureDirection: String, Hashable, Sendable, CaseIterable {
    case forward, reverse
    case roundTrip = "round_trip"
}

/// The numbers that are followed over time.
public enum Metric: String, Hashable, Sendable, CaseIterable {
    /// Delay of the endpoint's slowest port, ms.
    case delayP50 = "delay_p50_ms"
    case delayP95 = "delay_p95_ms"
    /// RFC 3550 interarrival jitter, mean of the worst 15 s of the endpoint's worst port, ms.
    case jitterWorst15s = "jitter_worst_15s_ms"
    /// Share of packets lost, all ports of the endpoint together, 0...1.
    case lossRatio = "loss_ratio"
}

/// A number with the ends of its uncertainty, `low <= value <= high`.
public struct Figure: Hashable, Sendable {
    public var value: Double
    public var low: Double
    public var high: Double

    /// Ends on the wrong side of the value, which no honest document has, are put on it.
    public init(value: Double, low: Double, high: Double) {
        self.value = value
        self.low = min(low, value)
        self.high = max(high, value)
    }
}

/// What one check measured to one endpoint in one direction, over all its ports.
public struct FigureFacts: Hashable, Sendable {
    public var endpoint: String
    public var direction: FigureDirection
    /// A metric that was not measured is absent.
    public var figures: [Metric: Figure]
    /// Packets offered to this direction, and lost in it; nil where it cannot be told.
    public var offered: Int?
    public var lost: Int?
    /// Packets by DSCP as they arrived at this direction's end; empty where nobody could see.
    public var marks: [Int: Int]

    public init(
        endpoint: String,
        direction: FigureDirection,
        figures: [Metric: Figure] = [:],
        offered: Int? = nil,
        lost: Int? = nil,
        marks: [Int: Int] = [:]
    ) {
        self.endpoint = endpoint
        self.direction = direction
        self.figures = figures
        self.offered = offered
        self.lost = lost
        self.marks = marks
    }

    /// An honest document has a few.
    static let mostEndpoints = 32

    static func all(_ document: ResultDocument) -> [FigureFacts] {
        document.endpoints.prefix(mostEndpoints).flatMap { endpoint in
            let streams = document.streams.filter { $0.endpoint == endpoint.endpoint }
            return FigureDirection.allCases.compactMap { FigureFacts(endpoint, streams, $0) }
        }
    }
}
