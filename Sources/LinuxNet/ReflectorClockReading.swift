import Glibc
import ProbeCore
import Units
import Wire

/// What a reflector may say of this host's clock, from the kernel or, where a sandbox forbids asking that, from the
/// ``ClockWitness``.
struct ReflectorClockReading {
    /// How often the processes are looked through for the daemon that keeps the clock.
    private static let daemonInterval = Nanoseconds.seconds(60)

    private let witnessPath: String
    private let readKernel: @Sendable (_ daemon: String?) throws(SystemError) -> KernelClock
    private var daemon: String?
    private var daemonFoundAt: MonotonicInstant?
    private var witness: ClockWitness?
    private var witnessReadAt: MonotonicInstant?

    init(
        witnessPath: String = ClockWitness.standardPath,
        readKernel: @escaping @Sendable (String?) throws(SystemError) -> KernelClock = KernelClock.read(daemon:)
    ) {
        self.witnessPath = witnessPath
        self.readKernel = readKernel
    }

    /// Unsynchronised with the greatest error where nobody tells: neither the kernel nor a witness that still counts.
    mutating func clock(at now: MonotonicInstant) -> ReflectorClock {
        guard let clock = kernelClock(at: now), clock.synchronized else {
            let error = ErrorEstimate(synchronized: false, format: .ntp, error: .seconds(16))
            return ReflectorClock(errorEstimate: error, source: .freeRunning)
        }
        let error = ErrorEstimate(synchronized: true, format: .ntp, error: clock.vouchedError ?? .seconds(16))
        return ReflectorClock(errorEstimate: error, source: clock.daemon == "ptp4l" ? .ptp : .ntp)
    }

    private mutating func kernelClock(at now: MonotonicInstant) -> KernelClock? {
        if isDue(daemonFoundAt, every: Self.daemonInterval, at: now) {
            daemonFoundAt = now
            daemon = TimeDaemon.running()
        }
        do throws(SystemError) {
            return try readKernel(daemon)
        } catch {
            return error.errno == EPERM ? witnessedClock(at: now) : nil
        }
    }

    /// The file is read no oftener than it is written; what it said ages in between, up to when it counts for nothing.
    private mutating func witnessedClock(at now: MonotonicInstant) -> KernelClock? {
        if isDue(witnessReadAt, every: ClockWitness.interval, at: now) {
            witnessReadAt = now
            witness = TextFile.read(witnessPath).flatMap { ClockWitness(text: $0) }
        }
        return witness?.clock(at: now)
    }

    private func isDue(_ last: MonotonicInstant?, every interval: Nanoseconds, at now: MonotonicInstant) -> Bool {
        last.map { now - $0 >= interval } ?? true
    }
}
