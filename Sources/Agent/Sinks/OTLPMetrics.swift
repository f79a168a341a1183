import Foundation
import Readiness
import Results
import Units

/// A result as OpenTelemetry metrics: an `ExportMetricsServiceRequest` in OTLP's JSON encoding, which is protobuf's with
/// 64-bit integers as texts and names in lower camel case (OTLP specification 1.x, "JSON Protobuf Encoding").
///
/// All are gauges at the time of the check's end:
///
/// | name | unit | attributes |
/// | --- | --- | --- |
/// | `linecheck.grade` | 1 | 0 ready, 1 inconclusive, 2 at risk, 3 not ready |
/// | `linecheck.criterion.grade` | 1 | `criterion`, `statistic`, `endpoint`, `port`, `direction` |
/// | `linecheck.criterion.latency_one_way`, and so on for each name | ms, 1 or the criterion's | the same |
/// | `linecheck.delay`, `linecheck.jitter` | ms | `endpoint`, `port`, `direction`, `statistic` |
/// | `linecheck.loss` | 1 | `endpoint`, `port`, `direction` |
/// | `linecheck.mos` | 1 | `endpoint`, `port` |
/// | `linecheck.spool.pending`, `.set_aside`, `.dropped` | {document} | |
/// | `linecheck.spool.size` | By | |
/// | `linecheck.spool.oldest_age` | s | |
///
/// The resource has `service.name` linecheck, `service.version`, `host.name` and `linecheck.site`.
struct OTLPMetrics {
    private(set) var metrics: [Metric] = []
    private let time: String

    struct Metric: Encodable {
        var name: String
        var unit: String
        var gauge: Gauge
    }

    struct Gauge: Encodable {
        var dataPoints: [Point]
    }

    struct Point: Encodable {
        var attributes: [Attribute]
        var timeUnixNano: String
        var asDouble: Double
    }

    struct Attribute: Encodable {
        struct Value: Encodable {
            var stringValue: String
        }
        var key: String
        var value: Value

        init(_ key: String, _ value: String) {
            self.key = key
            self.value = Value(stringValue: value)
        }
    }

    init(_ completed: CompletedDocument) {
        time = "\(max(0, completed.document.completedAt.nanosecondsSinceUnixEpoch))"
        if let result = completed.result {
            add("linecheck.grade", "1", Self.rank(result.grade))
            for criterion in result.criteria { add(criterion) }
            for stream in result.streams { add(stream) }
        }
        add(completed.push)
    }

    static func rank(_ grade: Grade) -> Double {
        switch grade {
        case .ready: 0
        case .inconclusive: 1
        case .atRisk: 2
        case .notReady: 3
        }
    }

    private mutating func add(_ name: String, _ unit: String, _ value: Double?, _ attributes: [Attribute] = []) {
        // JSON has no word for what is not a number.
        guard let value, value.isFinite else { return }
        let point = Point(attributes: attributes, timeUnixNano: time, asDouble: value)
        if let index = metrics.firstIndex(where: { $0.name == name && $0.unit == unit }) {
            metrics[index].gauge.dataPoints.append(point)
        } else {
            metrics.append(Metric(name: name, unit: unit, gauge: Gauge(dataPoints: [point])))
        }
    }

    private mutating func add(_ criterion: CriterionDocument) {
        var attributes = [
            Attribute("criterion", criterion.name), Attribute("statistic", criterion.statistic),
            Attribute("endpoint", criterion.endpoint),
        ]
        if let port = criterion.port { attributes.append(Attribute("port", "\(port)")) }
        if let direction = criterion.direction { attributes.append(Attribute("direction", direction)) }
        add("linecheck.criterion.grade", "1", Self.rank(criterion.grade), attributes)
        let unit = criterion.unit == "ratio" ? "1" : criterion.unit
        add("linecheck.criterion.\(criterion.name)", unit, criterion.value, attributes)
    }

    private mutating func add(_ stream: StreamDocument) {
        let place = [Attribute("endpoint", stream.endpoint), Attribute("port", "\(stream.port)")]
        add("linecheck.mos", "1", stream.mos, place)
        for (name, direction) in [
            ("forward", stream.forward), ("reverse", stream.reverse), ("round_trip", stream.roundTrip),
        ] {
            guard let direction else { continue }
            let here = place + [Attribute("direction", name)]
            add("linecheck.loss", "1", direction.loss?.ratio, here)
            let (delay, jitter) = (direction.delayMilliseconds, direction.jitterMilliseconds)
            for (metric, statistic, value) in [
                ("delay", "p50", delay?.p50), ("delay", "p95", delay?.p95), ("delay", "max", delay?.max),
                ("jitter", "mean", jitter?.mean), ("jitter", "worst_15s", jitter?.worst15s),
                ("jitter", "max", jitter?.max),
            ] {
                add("linecheck.\(metric)", "ms", value, here + [Attribute("statistic", statistic)])
            }
        }
    }

    private mutating func add(_ push: PushStatus) {
        add("linecheck.spool.pending", "{document}", Double(push.spool.pending))
        add("linecheck.spool.set_aside", "{document}", Double(push.spool.setAside))
        add("linecheck.spool.dropped", "{document}", Double(push.spool.droppedInAll))
        add("linecheck.spool.size", "By", Double(push.spool.size))
        add("linecheck.spool.oldest_age", "s", push.oldestPendingAge?.seconds)
    }

    // MARK: - The request

    private struct Request: Encodable {
        struct Resource: Encodable {
            var attributes: [Attribute]
        }
        struct Scope: Encodable {
            var name: String
            var version: String
        }
        struct ScopeMetrics: Encodable {
            var scope: Scope
            var metrics: [Metric]
        }
        struct ResourceMetrics: Encodable {
            var resource: Resource
            var scopeMetrics: [ScopeMetrics]
        }
        var resourceMetrics: [ResourceMetrics]
    }

    /// JSON, not yet compressed.
    func request(site: String?, host: String?, version: String) throws -> [UInt8] {
        var attributes = [Attribute("service.name", "linecheck"), Attribute("service.version", version)]
        if let host { attributes.append(Attribute("host.name", host)) }
        if let site { attributes.append(Attribute("linecheck.site", site)) }
        let scope = Request.ScopeMetrics(scope: .init(name: "linecheck", version: version), metrics: metrics)
        let request = Request(
            resourceMetrics: [.init(resource: .init(attributes: attributes), scopeMetrics: [scope])]
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(request))
    }
}
