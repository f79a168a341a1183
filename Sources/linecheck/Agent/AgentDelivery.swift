import Agent
import LinuxNet
import Logging
import Results
import Units

/// Where results go: the spool before all else, then the collector and the sinks.
struct AgentDelivery {
    private let spool: Spool
    private let pusher: Pusher?
    private let sinks: [any Sink]
    private let log: Logger

    init(_ configuration: Configuration, spool: Spool, clock: SystemClock, log: Logger) {
        self.spool = spool
        self.log = log
        pusher = configuration.collector.map { settings in
            Pusher(spool: spool, settings: settings, version: Linecheck.version, clock: clock) { event in
                switch event {
                case .delivered: log.info("\(event)")
                case .failed, .setAside: log.warning("\(event)")
                }
            }
        }
        sinks = configuration.sinks.map { $0.open(version: Linecheck.version) }
    }

    func start() { pusher?.start() }

    func stop() {
        pusher?.stop()
        for sink in sinks { sink.stop() }
    }

    func reopen() {
        for sink in sinks { sink.reopen() }
    }

    var status: PushStatus {
        if let pusher { return pusher.status }
        var status = PushStatus()
        status.spool = spool.status
        return status
    }

    func accept(_ assessment: AssessmentDocument) throws {
        let document = try SpooledDocument(assessment)
        let condition = spool.store(document)
        if !condition.isDurable { log.error("the verdict waits in memory: \(condition)") }
        pusher?.wake()
        hand(CompletedDocument(document: document, result: nil, push: status))
    }

    func accept(_ result: ResultDocument) throws {
        let document = try SpooledDocument(result)
        let condition = spool.store(document)
        if !condition.isDurable { log.error("the result waits in memory: \(condition)") }
        pusher?.wake()
        hand(CompletedDocument(document: document, result: result, push: status))
    }

    private func hand(_ completed: CompletedDocument) {
        for sink in sinks { sink.accept(completed) }
    }
}
