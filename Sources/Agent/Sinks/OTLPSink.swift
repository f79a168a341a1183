import Deflate
import Foundation
import Results
import Synchronization
import Units

/// Sends metrics to an OpenTelemetry receiver by OTLP over HTTP, on a thread of its own.
///
/// Metrics are of the moment: a receiver that is away is tried again with backoff, and of what waits meanwhile the
/// oldest are lost.
public final class OTLPSink: Sink {
    private struct State {
        var waiting: [[UInt8]] = []
        var status = SinkStatus()
    }

    /// Documents that wait at most.
    static let mostWaiting = 60
    /// What OTLP says is worth another try (OTLP specification, "Retryable Response Codes").
    private static let retryable = [429, 502, 503, 504]

    public let name: String
    private let url: String
    private let version: String
    private let backoff: Backoff
    private let timeout: Nanoseconds
    private let transport = CurlTransport()
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter url: the receiver's, to which `/v1/metrics` is added unless it stands there.
    public convenience init(url: String, version: String) {
        self.init(url: url, version: version, backoff: Backoff(), timeout: .seconds(10))
    }

    init(url: String, version: String, backoff: Backoff, timeout: Nanoseconds) {
        name = "otlp: \(url)"
        self.url = url.hasSuffix("/v1/metrics") ? url : "\(url)/v1/metrics"
        self.version = version
        self.backoff = backoff
        self.timeout = timeout
        let thread = Thread { self.run() }
        thread.name = "otlp"
        thread.start()
    }

    public var status: SinkStatus { state.withLock(\.status) }

    public func accept(_ completed: CompletedDocument) {
        // A verdict has no metrics of its own: those of its checks were sent.
        guard completed.document.kind == .result else { return }
        let metrics = OTLPMetrics(completed)
        let request = try? metrics.request(
            site: completed.result?.site,
            host: completed.result?.agent,
            version: version
        )
        state.withLock { state in
            guard let request else { return state.status.lost += 1 }
            state.waiting.append(request)
            guard state.waiting.count > Self.mostWaiting else { return }
            state.waiting.removeFirst()
            state.status.lost += 1
        }
        transport.wake()
    }

    public func reopen() {}

    public func stop() {
        transport.stop()
        ended.wait()
    }

    // MARK: - The thread

    private func run() {
        var failures = 0
        var generator = SystemRandomNumberGenerator()
        while !transport.hasStopped {
            guard let next = state.withLock({ $0.waiting.first }) else {
                transport.wait(.seconds(60))
                continue
            }
            switch send(next) {
            case .done:
                failures = 0
            case .again(let retryAfter):
                failures += 1
                pause(backoff.wait(failures: failures, retryAfter: retryAfter, using: &generator))
            }
        }
        ended.signal()
    }

    /// New metrics wake the thread, and do not end the pause.
    private func pause(_ duration: Nanoseconds) {
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(clamping: duration.count)
        while !transport.hasStopped {
            let now = DispatchTime.now().uptimeNanoseconds
            guard now < end else { return }
            transport.wait(Nanoseconds(Int64(clamping: end - now)))
        }
    }

    private enum Sent {
        case done
        case again(Nanoseconds?)
    }

    private func send(_ json: [UInt8]) -> Sent {
        var request = HTTPRequest(url: url, body: Compression.gzip(json))
        request.timeout = timeout
        request.headers = [
            ("Content-Type", "application/json"), ("Content-Encoding", "gzip"), ("User-Agent", "linecheck/\(version)"),
        ]
        switch transport.send(request) {
        case .answered(let response) where (200...299).contains(response.status):
            finish(json, failure: nil)
            return .done
        case .answered(let response) where Self.retryable.contains(response.status):
            fail("HTTP \(response.status)")
            return .again(response.retryAfter.flatMap { RetryAfter.wait($0, now: Self.now) })
        case .answered(let response):
            finish(json, failure: "HTTP \(response.status)")
            return .done
        case .notReached(let reason), .cut(let reason):
            fail(CollectorAnswer.clean(reason))
            return .again(nil)
        case .interrupted: return .again(nil)
        }
    }

    private static var now: WallInstant {
        WallInstant(nanosecondsSinceUnixEpoch: 0) + .seconds(rounding: Date().timeIntervalSince1970)
    }

    private func fail(_ reason: String) { state.withLock { $0.status.failure = reason } }

    private func finish(_ json: [UInt8], failure: String?) {
        state.withLock { state in
            // It may have been dropped for newer ones meanwhile.
            if state.waiting.first == json { state.waiting.removeFirst() }
            state.status.failure = failure
            if failure == nil { state.status.written += 1 } else { state.status.lost += 1 }
        }
    }
}
