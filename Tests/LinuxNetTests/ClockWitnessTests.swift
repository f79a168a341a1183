import Foundation
import Testing
import Units

@testable import LinuxNet

@Suite struct ClockWitnessTests {
    private let witness = ClockWitness(
        clock: KernelClock(
            synchronized: true,
            maximumError: .milliseconds(3),
            estimatedError: .microseconds(40),
            daemon: "chrony"
        ),
        readAt: MonotonicInstant(nanoseconds: 1_000_000_000_000)
    )

    @Test func oneLineReadsBack() {
        #expect(
            witness.text
                == "linecheck-clock/1 synchronized=1 max_error_ns=3000000 estimated_error_ns=40000 daemon=chrony "
                + "monotonic_ns=1000000000000\n"
        )
        #expect(ClockWitness(text: witness.text) == witness)
        var unsynchronized = witness
        unsynchronized.clock.synchronized = false
        unsynchronized.clock.daemon = nil
        #expect(ClockWitness(text: unsynchronized.text) == unsynchronized)
    }

    @Test(arguments: [
        "", "linecheck-clock/2 synchronized=1 max_error_ns=1 estimated_error_ns=1 daemon=- monotonic_ns=1",
        "linecheck-clock/1 synchronized=2 max_error_ns=1 estimated_error_ns=1 daemon=- monotonic_ns=1",
        "linecheck-clock/1 synchronized=1 max_error_ns=-1 estimated_error_ns=1 daemon=- monotonic_ns=1",
        "linecheck-clock/1 synchronized=1 max_error_ns=1 estimated_error_ns=1 daemon= monotonic_ns=1",
        "linecheck-clock/1 synchronized=1 max_error_ns=1 estimated_error_ns=1 daemon=- monotonic_ns=99999999999999999999",
        "linecheck-clock/1 synchronized=1 max_error_ns=1 daemon=- monotonic_ns=1",
    ])
    func anythingElseIsNone(text: String) {
        #expect(ClockWitness(text: text) == nil)
    }

    @Test func theErrorGrowsWithItsAge() throws {
        let later = try #require(witness.clock(at: witness.readAt + .seconds(10)))
        #expect(later.maximumError == .milliseconds(8))
        #expect(later.daemon == "chrony")
    }

    @Test func anOldOneAndAnotherBootsCountForNothing() {
        #expect(witness.clock(at: witness.readAt + .seconds(61)) == nil)
        #expect(witness.clock(at: witness.readAt - .milliseconds(1)) == nil)
    }

    @Test func theFileIsReplacedWholeAndAnybodyMayReadIt() throws {
        let path = NSTemporaryDirectory() + "linecheck-witness-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ClockWitness.write(to: path)
        try ClockWitness.write(to: path)
        let told = try #require(ClockWitness.read(path))
        let known = try KernelClock.read()
        #expect(told.synchronized == known.synchronized)
        #expect(told.daemon == known.daemon)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o644)
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }
}
