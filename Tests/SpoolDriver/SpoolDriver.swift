import Agent
import ArgumentParser
import Foundation
import Settings
import Units

/// Spools made-up results and delivers them, so that a test can kill it at any moment: not part of the product.
@main
struct SpoolDriver: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "spool-driver")

    @Option var directory: String
    @Option var url: String
    @Option var tokenFile: String?
    @Option var caFile: String?
    @Option var clientCertificate: String?
    @Option var clientKey: String?
    @Option var proxy: String?
    @Option var proxyCredentials: String?
    @Option var batch = 7
    @Option var timeoutMilliseconds: Int64 = 2_000
    @Option(help: "Where the identifier of every result that was spooled is written, after it was.")
    var ledger: String?
    @Option(help: "How many results to spool.")
    var count = 0
    @Option(help: "Every so many-th is an assessment.")
    var assessmentEvery = 9
    @Option(help: "A document of which every result is a copy, with its id in the place of @id@.")
    var document: String?
    @Option(help: "Between two results, at most.")
    var pauseMilliseconds: UInt32 = 8
    @Option var seed: UInt64 = 1
    @Flag(help: "End when nothing waits any more.")
    var drain = false
    @Option(help: "End after so long, with what is on the way given up.")
    var seconds: Double = 60

    func run() throws {
        let clock = SystemClock()
        let spool = Spool(SpoolSettings(directory: directory), clock: clock) { say("spool: \($0)") }
        let pusher = Pusher(
            spool: spool,
            settings: try settings(),
            backoff: Self.quick,
            version: "test",
            clock: clock
        ) { say("push: \($0)") }
        pusher.start()
        try produce(into: spool, pusher)
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end, !(drain && spool.status.pending == 0) { usleep(5_000) }
        say("status: \(pusher.status)")
        let stopping = clock.read().monotonic
        pusher.stop()
        say("stopped in \(Int((clock.read().monotonic - stopping).milliseconds)) ms")
        let isEmpty = spool.status.pending == 0
        spool.close()
        guard isEmpty || !drain else { throw ExitCode(1) }
    }

    private static var quick: Backoff {
        var backoff = Backoff()
        backoff.least = .milliseconds(1)
        backoff.base = .milliseconds(5)
        backoff.most = .milliseconds(100)
        backoff.longestRetryAfter = .milliseconds(50)
        return backoff
    }

    private func settings() throws -> CollectorSettings {
        var settings = CollectorSettings(url: url)
        settings.tokenFile = try tokenFile.map(FileReference.init)
        settings.caFile = try caFile.map(FileReference.init)
        settings.clientCertificate = try clientCertificate.map(FileReference.init)
        settings.clientKey = try clientKey.map(FileReference.init)
        settings.proxy = proxy
        settings.proxyCredentialsFile = try proxyCredentials.map(FileReference.init)
        settings.batch = batch
        settings.timeout = .milliseconds(timeoutMilliseconds)
        return settings
    }

    private func produce(into spool: Spool, _ pusher: Pusher) throws {
        guard count > 0 else { return }
        let file = open(ledger ?? "/dev/null", O_WRONLY | O_APPEND | O_CREAT, 0o600)
        guard file >= 0 else { throw ValidationError("\(ledger ?? ""): \(String(cString: strerror(errno)))") }
        let template = try document.map { try String(contentsOfFile: $0, encoding: .utf8) }
        var generator = SeededGenerator(seed: seed)
        for number in 0..<count {
            let now = SystemClock().read().wall
            let id = ResultID(at: now).description
            let filling = String(generator.next(), radix: 36)
            let json = template?.replacing("@id@", with: id) ?? "{\"id\":\"\(id)\",\"filling\":\"\(filling)\"}"
            let document = SpooledDocument(
                id: id,
                kind: number % assessmentEvery == assessmentEvery - 1 ? .assessment : .result,
                completedAt: now,
                json: Array(json.utf8)
            )
            if spool.store(document).isDurable {
                let line = Array("\(id)\n".utf8)
                _ = write(file, line, line.count)
            }
            pusher.wake()
            usleep(UInt32.random(in: 0...pauseMilliseconds * 1_000, using: &generator))
        }
    }
}

/// Not buffered, so that nothing of it is lost when this is killed.
private func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

struct SystemClock: ClockSource {
    func read() -> ClockReading {
        func nanoseconds(_ clock: clockid_t) -> Int64 {
            var time = timespec()
            clock_gettime(clock, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        }
        return ClockReading(
            monotonic: MonotonicInstant(nanoseconds: nanoseconds(CLOCK_MONOTONIC)),
            wall: WallInstant(nanosecondsSinceUnixEpoch: nanoseconds(CLOCK_REALTIME))
        )
    }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
