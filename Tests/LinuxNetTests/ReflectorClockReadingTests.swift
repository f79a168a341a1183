import Foundation
import Glibc
import ProbeCore
import Testing
import Units
import Wire

@testable import LinuxNet

/// What the reflector claims of its clock, where the kernel answers, where a sandbox forbids asking it, and where nobody
/// tells.
@Suite final class ReflectorClockReadingTests {
    private let path = NSTemporaryDirectory() + "linecheck-reflector-clock-\(UUID().uuidString)"
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)
    private let unsynchronized = ReflectorClock(
        errorEstimate: ErrorEstimate(synchronized: false, format: .ntp, error: .seconds(16)),
        source: .freeRunning
    )

    deinit { unlink(path) }

    private func kernel(_ error: Nanoseconds, daemon: String? = "chrony", synchronized: Bool = true) -> KernelClock {
        KernelClock(synchronized: synchronized, maximumError: error, estimatedError: .zero, daemon: daemon)
    }

    private func synchronized(_ error: Nanoseconds, _ source: SynchronizationSource = .ntp) -> ReflectorClock {
        ReflectorClock(
            errorEstimate: ErrorEstimate(synchronized: true, format: .ntp, error: error),
            source: source
        )
    }

    private func witness(_ clock: KernelClock, readAt: MonotonicInstant) throws {
        try TextFile.replace(path, with: ClockWitness(clock: clock, readAt: readAt).text, mode: 0o644)
    }

    private func refused(_ errno: Int32 = EPERM) -> ReflectorClockReading {
        ReflectorClockReading(witnessPath: path) { (_) throws(SystemError) in
            throw SystemError("adjtimex", errno: errno)
        }
    }

    @Test func theKernelsWordGoesBeforeTheWitness() throws {
        try witness(kernel(.milliseconds(9)), readAt: start)
        let told = kernel(.milliseconds(3))
        var reading = ReflectorClockReading(witnessPath: path) { (_) throws(SystemError) in told }
        #expect(reading.clock(at: start) == synchronized(.milliseconds(3)))
    }

    @Test func whereAskingIsForbiddenTheWitnessTellsAndItsErrorGrows() throws {
        try witness(kernel(.milliseconds(3), daemon: "ptp4l"), readAt: start)
        var reading = refused()
        #expect(reading.clock(at: start) == synchronized(.milliseconds(3), .ptp))
        // 500 ppm of 9 s, between two readings of the file.
        #expect(reading.clock(at: start + .seconds(9)) == synchronized(.microseconds(7_500), .ptp))
    }

    @Test func aNewLineIsTakenUpWithinTheWitnessesInterval() throws {
        try witness(kernel(.milliseconds(3)), readAt: start)
        var reading = refused()
        _ = reading.clock(at: start)
        let later = start + ClockWitness.interval
        try witness(kernel(.milliseconds(5)), readAt: later)
        #expect(reading.clock(at: later) == synchronized(.milliseconds(5)))
    }

    @Test func anOldStateIsNoClaim() throws {
        try witness(kernel(.milliseconds(3)), readAt: start)
        var reading = refused()
        _ = reading.clock(at: start)
        let oldest = start + ClockWitness.oldest
        #expect(reading.clock(at: oldest) == synchronized(.milliseconds(33)))
        #expect(reading.clock(at: oldest + Nanoseconds(1)) == unsynchronized)
        #expect(reading.clock(at: oldest + .seconds(3_600)) == unsynchronized)
    }

    @Test func aWitnessThatComesLaterIsHeardThenAndOneThatGoesNoLonger() throws {
        var reading = refused()
        #expect(reading.clock(at: start) == unsynchronized)
        let later = start + ClockWitness.interval
        try witness(kernel(.milliseconds(3)), readAt: later)
        #expect(reading.clock(at: later) == synchronized(.milliseconds(3)))
        unlink(path)
        #expect(reading.clock(at: later + ClockWitness.interval) == unsynchronized)
    }

    @Test func aWitnessOfAFreeRunningClockMakesNoClaimForIt() throws {
        try witness(kernel(.milliseconds(3), daemon: nil, synchronized: false), readAt: start)
        var reading = refused()
        #expect(reading.clock(at: start) == unsynchronized)
    }

    @Test func aDaemonThatGivesNoBoundIsNotVouchedFor() throws {
        try witness(kernel(.milliseconds(3), daemon: "systemd-timesyncd"), readAt: start)
        var reading = refused()
        #expect(reading.clock(at: start) == synchronized(.seconds(16)))
    }

    @Test func anotherFailureOfTheKernelIsNotForTheWitness() throws {
        try witness(kernel(.milliseconds(3)), readAt: start)
        var reading = refused(EFAULT)
        #expect(reading.clock(at: start) == unsynchronized)
    }

    @Test(arguments: ["", "linecheck-clock/9 x\n", "\u{0}\u{0}"])
    func aFileThatIsNoWitnessIsNoClaim(text: String) throws {
        try TextFile.replace(path, with: text, mode: 0o644)
        var reading = refused()
        #expect(reading.clock(at: start) == unsynchronized)
    }
}
