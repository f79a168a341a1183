import Glibc
import Units

/// What one process, which may read the clock's state, tells another, which a sandbox forbids to: one line in a file
/// that is replaced whole.
///
/// The time in it is `CLOCK_MONOTONIC`, the same for every process of this boot.
public struct ClockWitness: Hashable, Sendable {
    /// Where the agent looks for it.
    public static let standardPath = "/run/linecheck-clock/state"
    /// How often it is written, and how old it may be before it counts for nothing.
    public static let interval = Nanoseconds.seconds(10)
    public static let oldest = Nanoseconds.seconds(60)

    public var clock: KernelClock
    public var readAt: MonotonicInstant

    public init(clock: KernelClock, readAt: MonotonicInstant) {
        self.clock = clock
        self.readAt = readAt
    }

    private static let version = "linecheck-clock/1"

    public var text: String {
        "\(Self.version) synchronized=\(clock.synchronized ? 1 : 0) max_error_ns=\(clock.maximumError.count) "
            + "estimated_error_ns=\(clock.estimatedError.count) daemon=\(clock.daemon ?? "-") "
            + "monotonic_ns=\(readAt.nanoseconds)\n"
    }

    /// Nil where it is not such a line.
    public init?(text: String) {
        let fields = text.trimmingNewline().split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == Self.version else { return nil }
        func value(_ index: Int, _ name: String) -> Substring? {
            fields[index].hasPrefix(name + "=") ? fields[index].dropFirst(name.utf8.count + 1) : nil
        }
        guard let synchronized = value(1, "synchronized"), ["0", "1"].contains(synchronized),
            let maximum = value(2, "max_error_ns").flatMap({ Int64($0) }), maximum >= 0,
            let estimated = value(3, "estimated_error_ns").flatMap({ Int64($0) }), estimated >= 0,
            let daemon = value(4, "daemon"), !daemon.isEmpty,
            let readAt = value(5, "monotonic_ns").flatMap({ Int64($0) })
        else { return nil }
        self.init(
            clock: KernelClock(
                synchronized: synchronized == "1",
                maximumError: Nanoseconds(maximum),
                estimatedError: Nanoseconds(estimated),
                daemon: daemon == "-" ? nil : String(daemon)
            ),
            readAt: MonotonicInstant(nanoseconds: readAt)
        )
    }

    /// The clock now by this witness: its error has grown by 500 ppm since, as the kernel has it; nil when the witness
    /// is too old, or speaks of a later moment than now, which another boot's does.
    public func clock(at now: MonotonicInstant) -> KernelClock? {
        let age = now - readAt
        guard age >= .zero, age <= Self.oldest else { return nil }
        var grown = clock
        grown.maximumError = grown.maximumError + Nanoseconds(age.count / 2_000)
        return grown
    }

    /// What stands in the file now; nil where there is none, or none that counts.
    static func read(_ path: String = standardPath, at now: MonotonicInstant = SystemClock().monotonic()) -> KernelClock?
    {
        TextFile.read(path).flatMap { ClockWitness(text: $0) }?.clock(at: now)
    }

    /// Reads the clock and replaces the file, so that a reader sees the old line or the new one.
    public static func write(to path: String) throws(SystemError) {
        let witness = ClockWitness(clock: try KernelClock.read(), readAt: SystemClock().monotonic())
        try TextFile.replace(path, with: witness.text, mode: 0o644)
    }
}
