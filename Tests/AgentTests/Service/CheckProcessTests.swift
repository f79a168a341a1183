import Agent
import Foundation
import Testing
import Units

@Suite struct CheckProcessTests {
    private func call(_ file: String = "/etc/linecheck/linecheck.yaml") throws -> CheckCall {
        var schedule = Schedule(name: "a", rhythm: .every(.seconds(900)), endpoints: [try Endpoint("192.0.2.1:3478")])
        schedule.probe.duration = .seconds(90)
        let slot = WallInstant(nanosecondsSinceUnixEpoch: 0)
        return CheckCall(configurationFile: file, scheduled: ScheduledCheck(schedule: schedule, slot: slot))
    }

    /// A program inherits the signal mask of the thread that starts it, and the threads that run tests block signals.
    private static func withSignalsUnblocked<Value>(_ body: () throws -> Value) rethrows -> Value {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return try body()
    }

    /// Runs a script in the place of the check program; its first argument is always `check`.
    private func outcome(_ script: String, _ during: (CheckProcess) -> Void = { _ in }) async throws
        -> CheckProcess.Outcome
    {
        let folder = try TemporaryFolder()
        let program = folder.path + "/check.sh"
        try "#!/bin/bash\n\(script)\n".write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        let process = try Self.withSignalsUnblocked { try CheckProcess(try call(), program: program) }
        during(process)
        while true {
            if let outcome = process.outcome { return outcome }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func aScheduleBecomesACheckOfThisProgram() throws {
        #expect(
            try call().arguments == [
                "check", "--config", "/etc/linecheck/linecheck.yaml", "--format", "json", "--quiet", "--trigger",
                "schedule", "--endpoint", "stamp://192.0.2.1:3478", "--duration", "90000000000ns",
            ]
        )
        #expect(try call().timeLimit == .seconds(300))
    }

    @Test func whatItWritesAndSaysComesBackWhole() async throws {
        let outcome = try await outcome("head -c 1000000 /dev/zero | tr '\\\\0' x; echo \"$1 broke\" >&2; exit 3")
        #expect(outcome.status == 3)
        #expect(outcome.output.count == 1_000_000)
        #expect(outcome.message == "check broke")
    }

    @Test func oneThatNeverEndsGivesItsLinesAsTheyCome() async throws {
        let taken = Lines()
        let outcome = try await outcome("echo one; echo two; printf thr; sleep 0.5; echo ee; printf four") { process in
            while process.outcome == nil {
                taken.lines += process.takeLines().map { String(decoding: $0, as: UTF8.self) }
                usleep(10_000)
            }
            taken.lines += process.takeLines().map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(taken.lines == ["one", "two", "three"])
        #expect(String(decoding: outcome.output, as: UTF8.self) == "four")
    }

    private final class Lines {
        var lines: [String] = []
    }

    @Test func aCheckWithoutEndIsAskedForAsOne() throws {
        var schedule = Schedule(name: "a", rhythm: .continuous(.seconds(30)))
        schedule.probe.duration = .seconds(30)
        let check = ScheduledCheck(schedule: schedule, slot: WallInstant(nanosecondsSinceUnixEpoch: 0))
        let arguments = CheckCall(configurationFile: "/c", scheduled: check).arguments
        #expect(arguments.contains("--continuous"))
        #expect(Array(arguments.suffix(2)) == ["--duration", "30000000000ns"])
    }

    @Test func oneThatIsKilledHasNoStatus() async throws {
        let outcome = try await outcome("sleep 60") { $0.kill() }
        #expect(outcome.status == nil)
    }

    @Test func oneThatIsInterruptedMayStillReport() async throws {
        let outcome = try await outcome("trap 'echo late; exit 1' INT; echo ready >&2; while :; do sleep 0.05; done") {
            usleep(300_000)
            $0.interrupt()
        }
        #expect(outcome.status == 1)
        #expect(String(decoding: outcome.output, as: UTF8.self) == "late\n")
    }

    @Test func aProgramThatIsNotThereIsSaidSo() throws {
        #expect(throws: TextRefusal.self) { _ = try CheckProcess(try call(), program: "/nowhere/linecheck") }
    }
}

@Suite struct StateFileTests {
    @Test func aValueSurvives() throws {
        let folder = try TemporaryFolder()
        let file = StateFile<ScheduleMemory>(path: folder.path + "/memory.json")
        #expect(try file.read() == nil)
        try file.write(ScheduleMemory())
        #expect(try file.read() == ScheduleMemory())
        #expect(!FileManager.default.fileExists(atPath: file.path + ".new"))
    }

    @Test func whatIsNoStateIsRefusedWithItsName() throws {
        let folder = try TemporaryFolder()
        let file = StateFile<ScheduleMemory>(path: folder.path + "/memory.json")
        try "{".write(toFile: file.path, atomically: true, encoding: .utf8)
        let refusal = #expect(throws: TextRefusal.self) { try file.read() }
        #expect(refusal?.description.contains(file.path) == true)
    }

    @Test func aFolderThatIsGoneIsAnErrorAndNoCrash() {
        let file = StateFile<ScheduleMemory>(path: "/nowhere/memory.json")
        #expect(throws: TextRefusal.self) { try file.write(ScheduleMemory()) }
    }
}
