import Deflate
import Foundation
import Settings
import Units

/// Takes documents from the spool to the collector, a batch a step. Keeps no thread: ``Pusher`` calls it from its own.
struct Delivery {
    private let spool: Spool
    private let settings: CollectorSettings
    private let userAgent: String
    private let transport: any HTTPTransport
    private let clock: any ClockSource
    private var generator: any RandomNumberGenerator
    private var lanes: [DocumentKind: PushLane]

    /// Octets of JSON in one batch, if it has more than one document.
    private static let batchOctets = 4 << 20
    /// How often a spool that cannot be written is tried again.
    private static let spoolRetry = Nanoseconds.seconds(10)
    /// How long there is nothing to do when nothing waits.
    private static let idle = Nanoseconds.seconds(60)

    init(
        spool: Spool,
        settings: CollectorSettings,
        backoff: Backoff,
        userAgent: String,
        transport: any HTTPTransport,
        clock: any ClockSource,
        generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        self.spool = spool
        self.settings = settings
        self.userAgent = userAgent
        self.transport = transport
        self.clock = clock
        self.generator = generator
        let now = clock.read().monotonic
        lanes = Dictionary(
            uniqueKeysWithValues: DocumentKind.allCases.map {
                ($0, PushLane(batch: settings.batch, backoff: backoff, now: now))
            }
        )
    }

    /// What a step did, and when to take the next one.
    struct Step {
        var wait: Nanoseconds
        var events: [PushEvent] = []
        var nextAttempt: MonotonicInstant?
    }

    /// Sends one batch of each kind that is due.
    mutating func step() -> Step {
        let isDurable = spool.condition.isDurable
        if !isDurable { spool.flush() }
        var step = Step(wait: isDurable ? Self.idle : Self.spoolRetry)
        // Assessments are few, and what a go-live waits for.
        for kind in [DocumentKind.assessment, .result] { push(kind, &step) }
        return step
    }

    private mutating func push(_ kind: DocumentKind, _ step: inout Step) {
        guard var lane = lanes[kind] else { return }
        defer { lanes[kind] = lane }
        let now = clock.read().monotonic
        guard now >= lane.notBefore else {
            step.wait = min(step.wait, lane.notBefore - now)
            step.nextAttempt = step.nextAttempt.map { min($0, lane.notBefore) } ?? lane.notBefore
            return
        }
        let documents = next(kind, &lane)
        guard !documents.isEmpty else { return }
        step.wait = .zero
        let ids = documents.map(\.id)
        do {
            var redaction = Redaction()
            let request = try request(kind, documents, &redaction)
            let outcome = transport.send(request)
            let answer = CollectorAnswer(outcome, now: clock.read().wall).redacted(redaction)
            let verdict = lane.receive(answer, to: ids, now: clock.read().monotonic, using: &generator)
            apply(verdict, kind, &step)
        } catch {
            lane.couldNotSend(now: now, using: &generator)
            apply(PushLane.Verdict(failure: error.description), kind, &step)
        }
    }

    private func next(_ kind: DocumentKind, _ lane: inout PushLane) -> [SpooledDocument] {
        let fresh = spool.pending(kind, upTo: lane.limit, octets: Self.batchOctets, excluding: lane.passedOver)
        guard fresh.isEmpty else { return fresh }
        while !lane.nextSuspects.isEmpty {
            let ids = lane.nextSuspects
            let documents = spool.pending(ids: ids)
            let found = Set(documents.map(\.id))
            lane.forget(ids.filter { !found.contains($0) })
            if !documents.isEmpty { return documents }
        }
        return []
    }

    private func apply(_ verdict: PushLane.Verdict, _ kind: DocumentKind, _ step: inout Step) {
        if !verdict.settlements.isEmpty { spool.settle(verdict.settlements, succeeded: verdict.succeeded) }
        for (id, settlement) in verdict.settlements.sorted(by: { $0.key < $1.key }) {
            if case .setAside(let reason) = settlement {
                step.events.append(.setAside(kind: kind, id: id, reason: reason))
            }
        }
        if verdict.succeeded {
            let count = verdict.settlements.values.count { $0 == .delivered }
            step.events.append(.delivered(kind: kind, count: count))
        }
        if let failure = verdict.failure {
            spool.failed(failure)
            step.events.append(.failed(kind: kind, reason: failure))
        }
    }

    // MARK: - Requests

    /// Files are read for every request: a token that was renewed counts from the next one.
    private func request(
        _ kind: DocumentKind,
        _ documents: [SpooledDocument],
        _ redaction: inout Redaction
    ) throws(TextRefusal) -> HTTPRequest {
        var request = HTTPRequest(
            url: settings.url + DeliveryBatch.path(kind),
            body: Compression.gzip(DeliveryBatch.body(kind, documents))
        )
        request.timeout = settings.timeout
        request.headers = [
            ("Content-Type", "application/json"), ("Content-Encoding", "gzip"), ("User-Agent", userAgent),
        ]
        if let token = try settings.tokenFile?.secret() {
            redaction.add(token)
            request.headers.append(("Authorization", "Bearer \(token.value)"))
        }
        request.connection = try connection(&redaction)
        return request
    }

    private func connection(_ redaction: inout Redaction) throws(TextRefusal) -> HTTPConnection {
        var connection = HTTPConnection()
        connection.caFile = try settings.caFile?.path()
        connection.clientCertificate = try settings.clientCertificate?.path()
        connection.clientKey = try settings.clientKey?.path()
        connection.proxy = settings.proxy
        guard let credentials = try settings.proxyCredentialsFile?.secret() else { return connection }
        redaction.add(credentials)
        if let colon = credentials.value.firstIndex(of: ":") {
            redaction.add(Secret(String(credentials.value[credentials.value.index(after: colon)...])))
        }
        connection.proxyCredentials = credentials
        return connection
    }
}

extension CollectorAnswer {
    fileprivate func redacted(_ redaction: Redaction) -> Self {
        switch self {
        case .items(let items):
            .items(
                items.mapValues { status in
                    if case .refused(let reason) = status { .refused(redaction(reason)) } else { status }
                }
            )
        case .tooLarge(let reason): .tooLarge(redaction(reason))
        case .refused(let reason): .refused(redaction(reason))
        case .failed(let reason): .failed(redaction(reason))
        case .unavailable(let reason, let retryAfter): .unavailable(redaction(reason), retryAfter: retryAfter)
        case .interrupted: .interrupted
        }
    }
}
