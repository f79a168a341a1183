import Foundation
import Results
import Testing
import Units

extension EndToEnd {
    @Suite("Checks without an end", .serialized)
    struct Continuous {
        /// What one piece says of itself.
        private struct Piece {
            let document: ResultDocument
            let report: CheckReport

            static func all(_ text: String) throws -> [Piece] {
                try text.split(separator: "\n").map { line in
                    Piece(
                        document: try ResultDocument.decode(Data(line.utf8)),
                        report: try CheckReport(json: String(line))
                    )
                }
            }
        }

        @Test("Every piece is judged by its own packets, an outage falls into its own, and no packet is missing")
        func outage() async throws {
            let (pieces, log) = try await Lab.with(
                forward: "delay=10ms,loss=0.5%,outage=12s-15s",
                reverse: "delay=5ms,loss=0.5%",
                seed: 5
            ) { lab in
                try await lab.startReflector()
                let check = try lab.startCheck([
                    "--continuous", "--endpoint", Family.ipv4.endpoint("3478-3479"), "--duration", "5s",
                ])
                try await Task.sleep(for: .seconds(32))
                let ended = try await check.stop(signal: SIGINT, within: 20)
                #expect(ended.status < 4, "\(ended.standardError)")
                return (try Piece.all(ended.standardOutput), try await lab.pathLog())
            }
            #expect(pieces.count > 5)
            #expect(Set(pieces.map(\.document.continuous?.run)).count == 1)
            #expect(pieces.map(\.document.continuous?.segment) == Array(0..<pieces.count))
            for port: UInt16 in [3478, 3479] { try expectAllPackets(pieces, log, port: port) }
            try expectOutage(pieces, log)
        }

        /// The pieces' packets follow each other without a gap, and so do all that the link saw: the streams went on.
        private func expectAllPackets(_ pieces: [Piece], _ log: [LoggedFrame], port: UInt16) throws {
            var next: UInt32?
            for piece in pieces {
                let stream = try piece.report.stream(port: port)
                let sequence = try #require(stream.sequence)
                if let next { #expect(sequence.first == next) }
                next = sequence.last + 1
                #expect(stream.packets.sent == Int(sequence.last - sequence.first) + 1)
                for (way, direction) in [(stream.forward, LoggedFrame.Direction.forward), (stream.reverse, .reverse)] {
                    let truth = try stream.truth(log, direction)
                    let number = piece.document.continuous?.segment ?? -1
                    #expect(way?.loss?.lost == truth.lost, "\(direction) \(port), piece \(number)")
                }
            }
            let seen = log.filter { $0.direction == .forward && $0.servicePort == port }
                .compactMap { $0.senderSequence(authenticated: false) }
            let last = try #require(next)
            #expect(Set(seen).isSuperset(of: 0..<last))
        }

        private func expectOutage(_ pieces: [Piece], _ log: [LoggedFrame]) throws {
            let times = log.filter { $0.fate == "outage" && $0.direction == .forward }.map(\.receivedAt)
            let (first, last) = (try #require(times.min()), try #require(times.max()))
            for piece in pieces {
                let start = piece.document.startedAt.instant.nanosecondsSinceUnixEpoch
                let end = piece.document.endedAt.instant.nanosecondsSinceUnixEpoch
                // An outage that only touches a piece may cost it no packet.
                guard abs(first - end) > 100_000_000, abs(last - start) > 100_000_000 else { continue }
                let isHit = first < end && last >= start
                let loss = piece.report.criteria.first { $0.name == "loss" }
                #expect((loss?.grade == "not_ready") == isHit, "\(piece.document.startedAt.text)")
                #expect(!isHit || piece.report.grade == "not_ready")
            }
        }

        @Test("An agent's check without end gives every piece once, through the death of its process and to its stop")
        func agent() async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-on-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let linecheck = try Executables.built("linecheck")
            let port = Int.random(in: 20_000..<30_000)
            let reflector = try Program(
                [linecheck, "reflect", "--listen", "127.0.0.1", "--ports", "\(port)"],
                name: "r"
            )
            try await reflector.waitUntilItSays("listening on")
            let results = folder.appendingPathComponent("results.jsonl").path
            let file = folder.appendingPathComponent("linecheck.yaml").path
            let yaml = """
                site: on
                endpoints: ["127.0.0.1:\(port)"]
                probe: {clock_error: 10us}
                spool: {directory: \(folder.path)/state}
                sinks: [{file: \(results)}]
                schedules: [{name: always, continuous: true, duration: 5s}]
                """
            try yaml.write(toFile: file, atomically: true, encoding: .utf8)
            let agent = try Program([linecheck, "agent", "--config", file], name: "agent")
            try await waitForResults(results) { $0.count >= 3 }
            let child = try #require(try children(of: agent).first)
            kill(child, SIGKILL)
            try await agent.waitUntilItSays("check failed", within: 10)
            try await waitForResults(results) { Set($0.map(\.continuous?.run)).count == 2 && $0.count >= 5 }
            let before = try read(results).count
            let ended = try await agent.stop(within: 10)
            #expect(ended.status == 0, "\(ended.standardError)")
            let documents = try read(results)
            #expect(documents.count > before, "what was measured last is reported at the stop")
            #expect(Set(documents.map(\.id)).count == documents.count)
            #expect(documents.allSatisfy { $0.trigger == .schedule && $0.schedule?.name == "always" })
            for (run, parts) in Dictionary(grouping: documents, by: \.continuous?.run) {
                #expect(parts.map(\.continuous?.segment) == Array(0..<parts.count), "\(run ?? "no run")")
                for (earlier, later) in zip(parts, parts.dropFirst()) { #expect(earlier.endedAt == later.startedAt) }
            }
            #expect(!FileManager.default.fileExists(atPath: "/proc/\(child)"))
            let memory = try String(contentsOfFile: folder.path + "/state/continuous.json", encoding: .utf8)
            #expect(memory.contains("always"))
            _ = try await reflector.stop()
        }

        private func read(_ path: String) throws -> [ResultDocument] {
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return try text.split(separator: "\n").map { try ResultDocument.decode(Data($0.utf8)) }
        }

        private func waitForResults(_ path: String, _ holds: ([ResultDocument]) -> Bool) async throws {
            for _ in 0..<900 {
                if holds(try read(path)) { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw LabFailure("too few results: \(try read(path).count)")
        }

        /// The processes that a program has started and that still run.
        private func children(of program: Program) throws -> [pid_t] {
            let path = "/proc/\(program.processIdentifier)/task/\(program.processIdentifier)/children"
            return try String(contentsOfFile: path, encoding: .utf8).split(separator: " ").compactMap { pid_t($0) }
        }
    }
}
