import Agent
import Glibc
import LinuxNet
import Readiness
import Results
import Units

/// One check from name resolution to result document.
struct CheckRun {
    private let settings: CheckSettings
    private var progress: Progress

    /// How long one trial of a capacity search lasts at the least: long enough for a queue that one call too many
    /// fills to be seen.
    private static let trialDuration = Nanoseconds.seconds(10)

    init(_ settings: CheckSettings, progress: Progress) {
        self.settings = settings
        self.progress = progress
    }

    mutating func document() throws -> ResultDocument {
        let signals = try systemCall { () throws(SystemError) in try Signals([SIGINT, SIGTERM, SIGHUP]) }
        DescriptorLimit.raise()
        let targets = try settings.endpoints.map(Target.init)
        let clock = LocalClock.now(operatorError: settings.clockError)
        var load = Load(targets: targets, calls: settings.calls, duration: settings.duration)
        var search: CapacitySearch?
        if let upTo = settings.capacityUpTo {
            var found = CapacitySearch(fewest: targets[0].endpoint.ports.ports.count, upTo: upTo)
            try self.search(&found, load: load, clock: clock, signals)
            load.calls = found.carried ?? found.fewest
            search = found
        }
        announce(load)
        let path = CheckPath(targets: targets, settings: settings)
        let measurement = try run(load, clock, signals, capture: settings.capture)
        let followUp = try FollowUp.run(settings, load, measurement, clock.errorEstimate, progress)
        let assembly = EvidenceAssembly(settings: settings, load: load, localClock: clock)
        return assembly.document(measurement, path: path.finish(), search: search, followUp: followUp)
    }

    private mutating func run(
        _ load: Load,
        _ clock: LocalClock,
        _ signals: borrowing Signals,
        capture: CaptureSetting = .off
    ) throws -> Measurement {
        let run = MeasurementRun(
            settings: settings,
            load: load,
            errorEstimate: clock.errorEstimate,
            capture: capture
        )
        if let long = LongRun(settings, load, clock, run) { return try long.run(signals, progress: &progress) }
        return try run.run(signals, progress: &progress)
    }

    /// Tries numbers of calls until the most that the site carries is known, or somebody interrupts.
    private mutating func search(
        _ search: inout CapacitySearch,
        load: Load,
        clock: LocalClock,
        _ signals: borrowing Signals
    ) throws {
        let most = settings.rate(streams: search.upTo)
        progress.start(
            "looking for how many calls the line carries: up to \(search.upTo), which is "
                + "\(Rate.text(most)) each way, \(Self.trialDuration.text) for each trial; other traffic will suffer"
        )
        while let calls = search.next {
            let trial = Load(targets: load.targets, calls: calls, duration: Self.trialDuration)
            let measurement = try run(trial, clock, signals)
            guard !measurement.wasInterrupted else { return }
            let assembly = EvidenceAssembly(settings: settings, load: trial, localClock: clock)
            let result = assembly.trial(measurement, calls: calls)
            search.record(result)
            let verdict =
                result.isCarried
                ? "carried" : "not carried: \(result.broken.map(\.rawValue).joined(separator: ", "))"
            progress.note("\(calls) calls, \(Rate.text(result.kilobitsPerSecond)) each way: \(verdict)")
        }
    }

    private func announce(_ load: Load) {
        progress.start("measuring for \(load.duration.text) to \(load.described(settings))")
    }
}

extension Load {
    /// Where to, and what it puts on the line.
    func described(_ settings: CheckSettings) -> String {
        let names = targets.map(\.title).joined(separator: ", ")
        let calls = calls.map { "\($0) calls, " } ?? ""
        let pace = Pace(settings, targets)
        let parts = targets.map { target -> (packets: Double, bits: Double) in
            let streams = Double(streamsPerPort(target).reduce(0, +))
            let packets = streams / pace.interval(target).seconds
            return (packets, packets * Double((settings.payload(of: target.endpoint.scheme) + 28) * 8) / 1_000)
        }
        let packets = parts.reduce(0) { $0 + $1.packets }
        return "\(names): \(calls)\(Int(packets.rounded())) packets/s each way "
            + "(\(Rate.text(parts.reduce(0) { $0 + $1.bits })))"
    }
}

/// A rate as people write it.
enum Rate {
    static func text(_ kilobitsPerSecond: Double) -> String {
        kilobitsPerSecond < 1_000
            ? "\(Int(kilobitsPerSecond.rounded())) kbit/s" : "\((kilobitsPerSecond / 100).rounded() / 10) Mbit/s"
    }
}

extension CheckSettings {
    /// IP-level rate of each direction, kbit/s, of so many streams together; IPv4's header is counted.
    func rate(streams: Int) -> Double {
        Double(streams * (payload + 28) * 8) / interval.seconds / 1_000
    }
}

/// Turns a failed system call into the command's failure.
func systemCall<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws -> Value {
    do throws(SystemError) {
        return try body()
    } catch {
        let status = error.errno == EACCES || error.errno == EPERM ? ExitStatus.noPermission : ExitStatus.system
        throw CommandFailure(status: status, message: error.description)
    }
}
