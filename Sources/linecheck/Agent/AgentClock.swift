import Agent
import LinuxNet
import Logging
import Units

/// The time that the agent goes by (``ClockGuard``), read from this host's clocks and kept over restarts.
struct AgentClock {
    private let clock: SystemClock
    private let log: Logger
    private let file: StateFile<ClockGuard.Memory>
    private var guardian: ClockGuard
    private var keptAt: MonotonicInstant
    private var word: (isSynchronized: Bool, at: MonotonicInstant)?

    /// How old what is kept may be: after a restart of the host, time is doubted from there on.
    private static let keeping = Nanoseconds.seconds(300)
    /// Asking the kernel means looking for its daemon among all processes.
    private static let asking = Nanoseconds.seconds(5)

    init(directory: String, clock: SystemClock, log: Logger) {
        self.clock = clock
        self.log = log
        file = StateFile(path: directory + "/clock.json")
        var memory: ClockGuard.Memory?
        do throws(TextRefusal) {
            memory = try file.read()
        } catch {
            log.warning("what the clock showed before is not known, so it is believed: \(error)")
        }
        let now = HostTime(clock.read(), slept: BootClock.slept())
        guardian = ClockGuard(boot: BootClock.identifier() ?? "", memory: memory, now: now)
        keptAt = now.monotonic
        keep()
    }

    /// What the time is at least, whoever set the clock.
    var certainTime: WallInstant { guardian.certainTime }

    /// What somebody should know of the clock; nil where there is nothing.
    var trouble: String? {
        guardian.heldStep.map { "\(ClockGuard.Event.held($0))" }
            ?? (guardian.doubt > .zero ? "\(guardian.doubt.text) of its time may never have passed" : nil)
    }

    /// Now, as the agent has it, and what happened to the clock since the last time.
    mutating func read() -> (now: ClockReading, events: [ClockGuard.Event]) {
        let host = HostTime(clock.read(), slept: BootClock.slept())
        var word = word
        let (clock, limit) = (clock, Self.asking)
        let events = guardian.look(host) {
            let now = clock.monotonic()
            if let word, now - word.at < limit { return word.isSynchronized }
            let isSynchronized = (try? KernelClock.read().synchronized) ?? false
            word = (isSynchronized, now)
            return isSynchronized
        }
        self.word = word
        for event in events { log.warning("\(event)") }
        if !events.isEmpty || host.monotonic - keptAt > Self.keeping { keep() }
        return (ClockReading(monotonic: host.monotonic, wall: guardian.time), events)
    }

    mutating func keep() {
        keptAt = clock.monotonic()
        do throws(TextRefusal) {
            try file.write(guardian.memory)
        } catch {
            log.error("\(error)")
        }
    }
}
