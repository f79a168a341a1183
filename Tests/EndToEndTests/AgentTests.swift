import Agent
import Foundation
import Results
import Testing
import Units

extension EndToEnd {
    /// The agent as its unit runs it, on loopback.
    @Suite(.serialized) struct AgentRuns {
        final class Lab {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-agent-\(UUID())")
            let linecheck: String
            let reflector: Program
            let port: Int
            let metricsPort: Int

            init() async throws {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                linecheck = try Executables.built("linecheck")
                port = Int.random(in: 20_000..<30_000)
                metricsPort = port + 10_000
                reflector = try Program(
                    [linecheck, "reflect", "--listen", "127.0.0.1", "--ports", "\(port)", "--clock-error", "10us"],
                    name: "reflector"
                )
                try await reflector.waitUntilItSays("listening on")
            }

            deinit { try? FileManager.default.removeItem(at: folder) }

            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

            /// A site whose first check is due in a few seconds: agents are spread over their period.
            func soon(in seconds: ClosedRange<Double>) throws -> String {
                let schedule = Schedule(name: "fast", rhythm: .every(.seconds(60)), timeZone: .gmt)
                var host = [CChar](repeating: 0, count: 256)
                gethostname(&host, 255)
                let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                let now = WallInstant(nanosecondsSinceUnixEpoch: Int64(Date().timeIntervalSince1970 * 1e9))
                for number in 0..<10_000 {
                    let slots = ScheduleSlots(schedule, agent: "Site \(number)\n\(name)")
                    guard let next = slots.next(after: now) else { continue }
                    if seconds.contains((next - now).seconds) { return "Site \(number)" }
                }
                throw LabFailure("no site checks within \(seconds) s")
            }

            func write(site: String, _ more: String = "") throws -> String {
                let yaml = """
                    site: \(site)
                    endpoints: ["127.0.0.1:\(port)"]
                    probe: {clock_error: 10us}
                    spool: {directory: \(path("state"))}
                    sinks: [{file: \(path("results.jsonl"))}]
                    metrics: {port: \(metricsPort)}
                    schedules: [{name: fast, every: 60s, duration: 4s, timezone: UTC}]
                    \(more)
                    """
                try yaml.write(toFile: path("linecheck.yaml"), atomically: true, encoding: .utf8)
                return path("linecheck.yaml")
            }

            func results() throws -> [ResultDocument] {
                let text = (try? String(contentsOfFile: path("results.jsonl"), encoding: .utf8)) ?? ""
                return try text.split(separator: "\n").map { try ResultDocument.decode(Data($0.utf8)) }
            }

            func status() throws -> Finished {
                try Command.run([linecheck, "agent", "status", "--file", path("state/status.json")])
            }
        }

        @Test func aCheckOnScheduleIsKeptAndTold() async throws {
            let lab = try await Lab()
            let site = try lab.soon(in: 4...9)
            let year = Date().formatted(.iso8601.year())
            let assessment = "assessments: [{name: year, from: \(year)-01-01, until: \(year)-12-31, timezone: UTC}]"
            let file = try lab.write(site: site, assessment)
            let agent = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await agent.waitUntilItSays("check ends", within: 40)
            let result = try #require(try lab.results().first)
            #expect(result.trigger == .schedule)
            #expect(result.schedule?.name == "fast")
            #expect(result.assessment?.name == "year")
            #expect(result.assessment?.checks.made == 1)
            let kept = try String(contentsOfFile: lab.path("state/assessments/year.jsonl"), encoding: .utf8)
            #expect(kept.contains(result.id))
            #expect(result.site == site)
            #expect(result.delivery?.spool == "durable")
            #expect(result.streams.first?.packets.sent == 200)

            let status = try lab.status()
            #expect(status.status == 0, "\(status.standardOutput)\(agent.standardError)")
            #expect(status.standardOutput.contains("fast: 1 made, 0 missed, 0 failed."))
            #expect(status.standardOutput.contains("Spool: durable, 1 waiting"))
            let curl = try #require(Executables.tool("curl"))
            let page = try Command.run([curl, "-sS", "http://127.0.0.1:\(lab.metricsPort)/metrics"])
            #expect(page.standardOutput.contains("linecheck_checks_total{schedule=\"fast\"} 1\n"))

            // A bad file changes nothing, and says so.
            _ = try lab.write(site: site, "unknown: yes")
            agent.send(signal: SIGHUP)
            try await agent.waitUntilItSays("the one before goes on")
            let refused = try lab.status()
            #expect(refused.status == 1)
            #expect(refused.standardOutput.contains("has no key 'unknown'"))
            // A good one counts at once.
            _ = try lab.write(site: site + " renamed")
            agent.send(signal: SIGHUP)
            try await agent.waitUntilItSays("configuration read anew: site")

            let ended = try await agent.stop()
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(try lab.status().status == 2)
        }

        @Test func whoIsStoppedReportsWhatItHasAndDoublesNothingAfterwards() async throws {
            let lab = try await Lab()
            let file = try lab.write(site: try lab.soon(in: 4...9))
            let agent = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await agent.waitUntilItSays("check begins", within: 40)
            try await Task.sleep(for: .seconds(2))
            let ended = try await agent.stop()
            #expect(ended.status == 0, "\(ended.standardError)")
            let cut = try #require(try lab.results().first)
            #expect(cut.durationSeconds < cut.intendedDurationSeconds)
            #expect(cut.findings.contains { $0.code == "check.interrupted" || $0.code.contains("interrupted") })

            let again = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await again.waitUntilItSays("runs")
            try await Task.sleep(for: .seconds(3))
            #expect(!again.standardError.contains("check begins"))
            _ = try await again.stop()
            #expect(try lab.results().count == 1)
        }

        @Test func anEndpointThatIsNotThereIsAResultAndOneThatCannotBeFoundAFailure() async throws {
            let lab = try await Lab()
            let site = try lab.soon(in: 4...9)
            let yaml = """
                site: \(site)
                endpoints: ["no-such-host.invalid:3478"]
                spool: {directory: \(lab.path("state"))}
                schedules: [{name: fast, every: 60s, duration: 4s, timezone: UTC}]
                """
            try yaml.write(toFile: lab.path("bad.yaml"), atomically: true, encoding: .utf8)
            let agent = try Program([lab.linecheck, "agent", "--config", lab.path("bad.yaml")], name: "agent")
            try await agent.waitUntilItSays("check failed", within: 40)
            try await Task.sleep(for: .milliseconds(300))
            let status = try lab.status()
            #expect(status.status == 1)
            #expect(status.standardOutput.contains("0 made, 0 missed, 1 failed"))
            #expect(status.standardOutput.contains("no-such-host.invalid"))
            _ = try await agent.stop()
        }

        @Test func twoAgentsInOneSpoolAreKeptApart() async throws {
            let lab = try await Lab()
            let file = try lab.write(site: "Somewhere")
            let first = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await first.waitUntilItSays("runs")
            let second = try await Program([lab.linecheck, "agent", "--config", file], name: "agent").end(within: 10)
            #expect(second.status == 75)
            #expect(second.standardError.contains("another agent (process "))
            #expect(second.standardError.contains("works in '\(lab.path("state"))' (spool.directory)"))
            // However the first ends, its place is free.
            first.send(signal: SIGKILL)
            _ = try await first.end(within: 5)
            let third = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await third.waitUntilItSays("runs")
            _ = try await third.stop()
        }

        @Test func aCheckThatACrashCutIsReportedAsMissed() async throws {
            let lab = try await Lab()
            let file = try lab.write(site: try lab.soon(in: 4...9))
            let agent = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await agent.waitUntilItSays("check begins", within: 40)
            agent.send(signal: SIGKILL)
            _ = try await agent.end(within: 5)
            let again = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await again.waitUntilItSays("missed a check: the agent ended while this check ran")
            try await Task.sleep(for: .milliseconds(500))
            #expect(try lab.status().standardOutput.contains("0 made, 1 missed"))
            _ = try await again.stop()
            let third = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await third.waitUntilItSays("runs")
            try await Task.sleep(for: .seconds(1))
            #expect(!third.standardError.contains("the agent ended while this check ran"))
            _ = try await third.stop()
        }

        @Test func whatWasSpooledAndNotCountedIsCountedAtTheNextStart() async throws {
            let lab = try await Lab()
            let year = Date().formatted(.iso8601.year())
            let assessment = "assessments: [{name: year, from: \(year)-01-01, until: \(year)-12-31, timezone: UTC}]"
            let file = try lab.write(site: try lab.soon(in: 4...9), assessment)
            let agent = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await agent.waitUntilItSays("check ends", within: 40)
            let result = try #require(try lab.results().first)
            _ = try await agent.stop()
            // As if it had been killed between the two.
            let journal = lab.path("state/assessments/year.jsonl")
            try FileManager.default.removeItem(atPath: journal)
            let again = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await again.waitUntilItSays("runs")
            #expect(try String(contentsOfFile: journal, encoding: .utf8).contains(result.id))
            _ = try await again.stop()
        }

        @Test func aFinalVerdictGoesToTheSinksAsWell() async throws {
            let lab = try await Lab()
            let assessment = "assessments: [{name: past, from: 2026-01-05, until: 2026-01-09, timezone: UTC}]"
            let file = try lab.write(site: "Somewhere", assessment)
            let agent = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await agent.waitUntilItSays("assessment ends", within: 20)
            _ = try await agent.stop()
            let lines = try String(contentsOfFile: lab.path("results.jsonl"), encoding: .utf8).split(separator: "\n")
            let verdict = try AssessmentDocument.decode(Data(try #require(lines.first).utf8))
            #expect(verdict.name == "past" && lines[0].contains("\"verdict\":\"insufficient\"") && lines.count == 1)
            // Once.
            let again = try Program([lab.linecheck, "agent", "--config", file], name: "agent")
            try await again.waitUntilItSays("runs")
            try await Task.sleep(for: .seconds(1))
            _ = try await again.stop()
            let later = try String(contentsOfFile: lab.path("results.jsonl"), encoding: .utf8).split(separator: "\n")
            #expect(later.count == 1)
        }

        @Test func aConfigurationIsCheckedWithoutRunning() async throws {
            let lab = try await Lab()
            let file = try lab.write(site: "Somewhere")
            let right = try Command.run([lab.linecheck, "agent", "--check-config", "--config", file])
            #expect(right.status == 0)
            #expect(right.standardOutput.contains("fast: every 60 s, UTC."))
            #expect(right.standardOutput.contains("Next: "))
            let wrong = try lab.write(site: "Somewhere", "collector: {url: \"ftp://c\"}")
            let refused = try Command.run([lab.linecheck, "agent", "--check-config", "--config", wrong])
            #expect(refused.status == 78)
            #expect(refused.standardError.contains("ftp://c"))
        }
    }
}
