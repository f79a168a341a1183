import Glibc
import LinuxNet
import ProbeCore
import Units
import Wire

/// Runs the probe thread with many streams against one reflector, and prints what it did as JSON:
/// `streams ADDRESS PORT STREAMS SECONDS [packets]`. With `packets`, first also a line for every reply: the stream's
/// source port, the sequence number, and the forward and reverse delay in nanoseconds.
@main
struct Streams {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard (5...6).contains(arguments.count), let address = IPAddress(text: arguments[1]),
            let port = UInt16(arguments[2]),
            let streams = Int(arguments[3]), let seconds = Int(arguments[4])
        else { return print("usage: streams ADDRESS PORT STREAMS SECONDS [packets]") }
        try allowDescriptors(streams + 64)
        let interval = Nanoseconds.milliseconds(20)
        let timeout = Nanoseconds.seconds(2)
        let destination = SocketAddress(address: address, port: port)
        let plan = ProbePlan(
            streams: (0..<streams).map { number in
                StreamPlan(
                    destination: destination,
                    dscp: .bestEffort,
                    sender: SessionSenderConfiguration(
                        ssid: UInt16(number + 1),
                        payloadLength: 182,
                        requestedDSCP: .bestEffort,
                        key: nil,
                        interval: interval,
                        replyTimeout: timeout
                    )
                )
            },
            run: RunPlan(leadInRounds: 25, measuredRounds: seconds * 50, tailLimit: 25),
            interval: interval,
            replyTimeout: timeout,
            errorEstimate: ErrorEstimate(synchronized: true, format: .ntp, error: .milliseconds(1))
        )
        let prober = try Prober(plan)
        var log = ObservationLog(streams: streams, interval: interval, replyTimeout: timeout)
        try prober.start()
        while !prober.isFinished {
            usleep(50_000)
            prober.ring.drain { log.append($0) }
        }
        prober.ring.drain { log.append($0) }
        if arguments.count == 6 {
            for (stream, local) in zip(log.streams, prober.localAddresses) {
                printDelays(stream.observation(), port: local?.port ?? 0)
            }
        }
        print(Summary(log, outcome: prober.outcome, overflow: prober.ring.overflow))
    }

    /// Both ends are on one host and read one clock, so the differences are true delays.
    private static func printDelays(_ observation: StreamObservation, port: UInt16) {
        for reply in observation.replies where observation.measured.contains(Int(reply.sequence)) {
            guard let far = reply.far else { continue }
            let forward = far.receivedAt - observation.sent[Int(reply.sequence)].sentAt
            let reverse = reply.arrivedAt - far.sentAt
            print("packet \(port) \(reply.sequence) \(forward.count) \(reverse.count)")
        }
    }

    private static func allowDescriptors(_ count: Int) throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(count)))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// A run in numbers; delays in nanoseconds.
struct Summary: CustomStringConvertible {
    private var numbers: [(String, Int64)] = []

    init(_ log: ObservationLog, outcome: ProbeOutcome, overflow: Int) {
        var lateness: [Int64] = []
        var jitter: [Int64] = []
        var sent = 0
        var answered = 0
        for stream in log.streams {
            let observation = stream.observation()
            lateness += stream.lateness.map(\.count)
            sent += observation.sent.count
            answered += stream.answeredCount
            jitter += Self.residence(observation)
        }
        numbers = [
            ("sent", Int64(sent)), ("answered", Int64(answered)), ("overflow", Int64(overflow)),
            ("missed", Int64(log.streams.reduce(0) { $0 + $1.missed })), ("drops", Int64(outcome.socketDrops)),
        ]
        numbers += Self.quantiles(lateness, name: "lateness")
        numbers += Self.quantiles(jitter, name: "spread")
    }

    /// How much longer each packet's two ways took than the quickest of its stream: T4 − T1 − (T3 − T2), all by the
    /// kernels' timestamps where there are any. Loopback has no jitter of its own, so what there is was made here.
    private static func residence(_ observation: StreamObservation) -> [Int64] {
        let paths = observation.replies.compactMap { reply -> Int64? in
            guard let far = reply.far, Int(reply.sequence) < observation.sent.count else { return nil }
            let sent = observation.sent[Int(reply.sequence)].sentAt
            return ((reply.arrivedAt - sent) - (far.sentAt - far.receivedAt)).count
        }
        guard let least = paths.min() else { return [] }
        return paths.map { $0 - least }
    }

    private static func quantiles(_ values: [Int64], name: String) -> [(String, Int64)] {
        let ranked = values.sorted()
        guard let last = ranked.last else { return [] }
        func at(_ share: Double) -> Int64 { ranked[min(ranked.count - 1, Int(Double(ranked.count) * share))] }
        return [("\(name)_p50", at(0.5)), ("\(name)_p99", at(0.99)), ("\(name)_max", last)]
    }

    var description: String { "{" + numbers.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}" }
}
