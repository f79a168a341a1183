import Units

/// What a site is held to.
public struct Profile: Hashable, Sendable {
    public var name: String
    /// Each gives one criterion for every endpoint.
    public var rules: [Rule]
    public var sampling: Sampling
    /// The grade of an endpoint whose packets lose the mark that voice needs.
    public var gradeWhenRemarked: Grade
    /// The grade of a UDP port that does not answer.
    public var gradeWhenBlocked: Grade

    public init(
        name: String,
        rules: [Rule],
        sampling: Sampling = Sampling(),
        gradeWhenRemarked: Grade = .atRisk,
        gradeWhenBlocked: Grade = .notReady
    ) {
        self.name = name
        self.rules = rules
        self.sampling = sampling
        self.gradeWhenRemarked = gradeWhenRemarked
        self.gradeWhenBlocked = gradeWhenBlocked
    }

    /// The profiles that come with Linecheck.
    public static let all: [Profile] = [.teams, .microsoftClientEdge, .microsoftCustomerEdge]

    /// The profile of that name that comes with Linecheck, or nil.
    public static func named(_ name: String) -> Profile? { all.first { $0.name == name } }
}

/// One number of a profile: what is measured, by which statistic, and its bounds.
public struct Rule: Hashable, Sendable {
    public enum Metric: String, Hashable, Sendable, CaseIterable {
        case latencyOneWay = "latency_one_way"
        case roundTrip = "round_trip"
        case jitter
        case loss
        case reordering

        /// The statistics that can be judged for this metric, the customary one first.
        public var statistics: [Statistic] {
            switch self {
            case .latencyOneWay, .roundTrip: [.p95, .p50, .mean, .p99, .maximum]
            case .jitter: [.worst15s, .mean, .maximum]
            case .loss: [.wholeCheck, .worst15s, .worst200ms]
            case .reordering: [.wholeCheck]
            }
        }

        public var unit: Criterion.Unit {
            switch self {
            case .latencyOneWay, .roundTrip, .jitter: .milliseconds
            case .loss, .reordering: .ratio
            }
        }

        var criterion: Criterion.Name {
            switch self {
            case .latencyOneWay: .latencyOneWay
            case .roundTrip: .roundTrip
            case .jitter: .jitter
            case .loss: .loss
            case .reordering: .reordering
            }
        }
    }

    public var metric: Metric
    public var statistic: Statistic
    /// Strictly below is ready; in the metric's unit.
    public var target: Double
    /// At or above is not ready; in the metric's unit. Equal to `target` where there is only one bound.
    public var limit: Double

    public init(_ metric: Metric, _ statistic: Statistic, target: Double, limit: Double) {
        self.metric = metric
        self.statistic = statistic
        self.target = target
        self.limit = limit
    }

    /// Why this rule cannot be judged, naming the value and its bound; nil when it can.
    public var refusal: TextRefusal? {
        guard metric.statistics.contains(statistic) else {
            let known = metric.statistics.map(\.rawValue).joined(separator: ", ")
            return TextRefusal("\(metric.rawValue): '\(statistic.rawValue)' cannot be judged; it can be \(known)")
        }
        guard target.isFinite, target > 0 else {
            return TextRefusal("\(metric.rawValue): the target \(target) must be above 0")
        }
        guard limit.isFinite, limit >= target else {
            return TextRefusal("\(metric.rawValue): the limit \(limit) must not be below the target \(target)")
        }
        guard metric.unit == .milliseconds || limit <= 1 else {
            return TextRefusal("\(metric.rawValue): the limit \(limit) must not be above 1, which is 100 %")
        }
        return nil
    }
}

/// How much must be measured before a profile's numbers can be called met.
public struct Sampling: Hashable, Sendable {
    /// The fewest packets answered on a port with which its delay can be called met. With 59 the greatest of them
    /// bounds the 95th percentile with 95 % confidence (0.95⁵⁹ < 0.05); with fewer nothing does.
    public var minimumDelaySingletons: Int

    public init(minimumDelaySingletons: Int = 59) {
        self.minimumDelaySingletons = minimumDelaySingletons
    }
}

extension Profile {
    /// The table that Linecheck was made for: 50/100 ms one way, 10/30 ms of jitter, 0.1/1 % of loss.
    public static let teams = Profile(
        name: "teams",
        rules: [
            Rule(.latencyOneWay, .p95, target: 50, limit: 100),
            Rule(.jitter, .worst15s, target: 10, limit: 30),
            Rule(.loss, .wholeCheck, target: 0.001, limit: 0.01),
        ]
    )

    /// Microsoft's performance targets from a client to the Microsoft edge, as published in 2018-2019. Microsoft
    /// gives one number for each, so what misses it is not ready.
    public static let microsoftClientEdge = Profile(
        name: "microsoft-client-edge",
        rules: [
            Rule(.latencyOneWay, .p95, target: 50, limit: 50),
            Rule(.roundTrip, .p95, target: 100, limit: 100),
            Rule(.jitter, .worst15s, target: 30, limit: 30),
            Rule(.loss, .worst15s, target: 0.01, limit: 0.01),
            Rule(.loss, .worst200ms, target: 0.1, limit: 0.1),
            Rule(.reordering, .wholeCheck, target: 0.0005, limit: 0.0005),
        ]
    )

    /// The same from the customer's edge to the Microsoft edge.
    public static let microsoftCustomerEdge = Profile(
        name: "microsoft-customer-edge",
        rules: [
            Rule(.latencyOneWay, .p95, target: 30, limit: 30),
            Rule(.roundTrip, .p95, target: 60, limit: 60),
            Rule(.jitter, .worst15s, target: 15, limit: 15),
            Rule(.loss, .worst15s, target: 0.001, limit: 0.001),
            Rule(.loss, .worst200ms, target: 0.01, limit: 0.01),
            Rule(.reordering, .wholeCheck, target: 0.0001, limit: 0.0001),
        ]
    )
}
