import Foundation
import Testing

extension EndToEnd {
    @Suite("Interruptions")
    struct Interruptions {
        @Test("A check that is told to stop still reports what it measured", arguments: [SIGINT, SIGTERM])
        func stopped(signal: Int32) async throws {
            let (outcome, log) = try await Lab.with(forward: "delay=10ms,loss=2%", reverse: "delay=5ms") { lab in
                try await lab.startReflector()
                let check = try lab.startCheck(["--endpoint", Family.ipv4.endpoint("3478-3479"), "--duration", "60s"])
                try await Task.sleep(for: .seconds(4))
                let outcome = try CheckOutcome(try await check.stop(signal: signal))
                return (outcome, try await lab.pathLog())
            }
            for stream in outcome.report.streams {
                let truth = try stream.truth(log, .forward)
                #expect(truth.offered > 50 && truth.offered < 250)
                #expect(stream.packets.sent == truth.offered)
                #expect(stream.forward?.loss?.lost == truth.lost)
            }
        }

        @Test("An interface that goes down and comes back costs packets, not the check")
        func interfaceDown() async throws {
            let outcome = try await Lab.with(forward: "delay=5ms", reverse: "delay=5ms") { lab in
                try await lab.startReflector()
                let check = try lab.startCheck(["--endpoint", Family.ipv4.endpoint("3478"), "--duration", "5s"])
                try await Task.sleep(for: .seconds(2))
                try lab.setInterface(up: false, at: .site)
                try await Task.sleep(for: .seconds(1))
                try lab.setInterface(up: true, at: .site)
                return try CheckOutcome(try await check.end(within: 30))
            }
            let packets = try outcome.report.stream(port: 3478).packets
            #expect(packets.received > 100)
            #expect(packets.received < 245)
        }

        @Test("A reflector that stops in mid-run leaves a report with the losses, and its own counters")
        func reflectorStops() async throws {
            let (outcome, reflector) = try await Lab.with(forward: "delay=5ms", reverse: "delay=5ms") { lab in
                let reflector = try await lab.startReflector()
                let check = try lab.startCheck(["--endpoint", Family.ipv4.endpoint("3478"), "--duration", "4s"])
                try await Task.sleep(for: .seconds(2))
                let before = reflector.standardError.count
                reflector.send(signal: SIGUSR1)
                try await Task.sleep(for: .milliseconds(500))
                #expect(reflector.standardError.count > before, "SIGUSR1 logs the counters")
                let ended = try await reflector.stop()
                return (try CheckOutcome(try await check.end(within: 30)), ended)
            }
            #expect(reflector.status == 0 && reflector.signal == nil)
            #expect(!(reflector.standardOutput + reflector.standardError).isEmpty)
            let packets = try outcome.report.stream(port: 3478).packets
            #expect(packets.received > 50 && packets.received < 190)
            #expect(outcome.status == 2)
        }
    }
}
