import CollectorRequests
import CollectorStore
import Exposition
import Ingest
import Readiness
import Synchronization
import Units

/// What this process has done since it started, and how the fleet stands, in Prometheus' text format.
final class CollectorMetrics: Sendable {
    private struct Document: Hashable {
        var kind: DeliveredKind
        var outcome: IngestOutcome
    }

    private struct Answer: Hashable {
        var route: String
        var status: Int
    }

    private struct State {
        var documents: [Document: UInt64] = [:]
        var answers: [Answer: UInt64] = [:]
        var operations: [String: Histogram] = [:]
        var refusals: [RefusalCause: UInt64] = [:]
        var resultsDropped: UInt64 = 0
        var renewals: [Bool: UInt64] = [:]
        var certificateEnd: WallInstant?
    }

    private let state = Mutex(State())
    private let clock: any ClockSource
    private let version: String

    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    init(version: String, clock: any ClockSource) {
        self.version = version
        self.clock = clock
    }

    func count(_ kind: DeliveredKind, _ outcome: IngestOutcome) {
        state.withLock { $0.documents[Document(kind: kind, outcome: outcome), default: 0] += 1 }
    }

    func count(route: String, status: Int) {
        state.withLock { $0.answers[Answer(route: route, status: status), default: 0] += 1 }
    }

    func count(_ refusal: RefusalCause) { state.withLock { $0.refusals[refusal, default: 0] += 1 } }

    /// - Parameter end: of the certificate that is in use now.
    func count(renewal isUsed: Bool, end: WallInstant) {
        state.withLock { state in
            state.renewals[isUsed, default: 0] += 1
            state.certificateEnd = end
        }
    }

    func noteCertificate(end: WallInstant) { state.withLock { $0.certificateEnd = end } }

    func countDropped(_ results: Int) { state.withLock { $0.resultsDropped &+= UInt64(clamping: results) } }

    /// Measures how long the store takes, also where it fails.
    func timing<Value>(_ operation: String, _ body: () async throws -> Value) async rethrows -> Value {
        let start = clock.read().monotonic
        defer {
            let seconds = (clock.read().monotonic - start).seconds
            state.withLock { $0.operations[operation, default: Histogram(bounds: Self.bounds)].observe(seconds) }
        }
        return try await body()
    }

    func render(fleet: FleetCounts) -> String {
        let state = state.withLock { $0 }
        var page = ExpositionPage()
        page.gauge("linecheck_collector_info", "The collector.", [(["version": version], 1)])
        page.gauge(
            "linecheck_fleet_sites",
            "Sites by the grade of their latest result, or silent.",
            SiteStatus.allCases.map { (["grade": $0.label], Double(fleet[$0])) }
        )
        page.counter("linecheck_collector_documents_total", "Documents delivered, by what became of them.") {
            DeliveredKind.allCases.flatMap { kind in
                IngestOutcome.all.map { outcome in
                    let count = state.documents[Document(kind: kind, outcome: outcome)] ?? 0
                    return (["kind": kind.rawValue, "outcome": outcome.label], Double(count))
                }
            }
        }
        page.counter("linecheck_collector_requests_total", "Requests answered.") {
            state.answers.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
                .map { (["route": $0.key.route, "status": "\($0.key.status)"], Double($0.value)) }
        }
        page.counter("linecheck_collector_refusals_total", "Requests that were refused, by the reason.") {
            RefusalCause.allCases.map { (["reason": $0.rawValue], Double(state.refusals[$0] ?? 0)) }
        }
        Self.renderCertificate(state, on: &page)
        page.counter("linecheck_collector_results_dropped_total", "Results dropped since they were kept long enough.") {
            [([:], Double(state.resultsDropped))]
        }
        page.histogram(
            "linecheck_collector_store_seconds",
            "How long the store took, queue included.",
            state.operations.sorted { $0.key < $1.key }.map { (["operation": $0.key], $0.value) }
        )
        return page.text
    }

    private static func renderCertificate(_ state: State, on page: inout ExpositionPage) {
        guard let end = state.certificateEnd else { return }
        page.gauge(
            "linecheck_collector_certificate_end_seconds",
            "When the certificate that is shown ends, in seconds since 1970.",
            [([:], Double(end.nanosecondsSinceUnixEpoch) / 1e9)]
        )
        page.counter("linecheck_collector_certificate_renewals_total", "Certificates read again, by what came of it.") {
            [("used", true), ("refused", false)].map { (["outcome": $0.0], Double(state.renewals[$0.1] ?? 0)) }
        }
    }
}
