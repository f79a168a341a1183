import Testing

extension EndToEnd {
    /// Against coturn, through a router.
    @Suite(
        "TURN and STUN servers",
        .enabled(if: RelayLab.isAvailable, "SKIPPED: coturn, nftables and openssl are needed")
    )
    struct Relays {
        @Test(
            "Challenges measure the round trip on each port",
            arguments: [RelayLab.server, "[\(RelayLab.serverIPv6)]"]
        )
        func challenges(address: String) async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                return try await lab.check(["--endpoint", "turn://\(address)", "--duration", "4s"]).report
            }
            #expect(report.streams.map(\.port) == [3478, 3479, 3480, 3481])
            for stream in report.streams {
                #expect(stream.packets.sent == 20 && stream.packets.received == 20)
                #expect(stream.method == "half_round_trip")
                let delay = try #require(stream.roundTrip?.delayMs)
                #expect(delay.min > 0 && delay.min < 20)
            }
            let server = try #require(report.endpoints.first?.server)
            #expect(server.responses.keys.map { $0 } == ["401"])
            #expect(server.realm == "lab.example")
            #expect(server.software?.hasPrefix("Coturn") == true)
            #expect(report.endpoints.first?.nat?.translated == false)
            #expect(report.criteria.filter { $0.name == "reachability" }.allSatisfy { $0.grade == "ready" })
        }

        @Test("A server that authenticates nobody allocates, and gets it back")
        func withoutCredentials() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer(["--no-auth"])
                return try await lab.check(["--endpoint", "turn://\(RelayLab.server):3478", "--duration", "3s"]).report
            }
            let server = try #require(report.endpoints.first?.server)
            #expect(server.responses["success"] == 1, "one allocation for each flow")
            #expect((server.responses["437"] ?? 0) >= 15, "the others are told that there is one already")
            #expect(try report.stream(port: 3478).packets.received == report.stream(port: 3478).packets.sent)
        }

        @Test("Bindings tell the reflexive address")
        func bindings() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                try lab.translate("masquerade")
                return try await lab.check(["--endpoint", "stun://\(RelayLab.server):3478-3479", "--duration", "2s"])
                    .report
            }
            let nat = try #require(report.endpoints.first?.nat)
            #expect(nat.translated)
            #expect(nat.mappings.allSatisfy { $0.reflexive.hasPrefix("10.78.2.1:") && $0.portPreserved })
            #expect(nat.mappingBehaviour == "port_independent")
            #expect(report.endpoints.first?.server?.responses.keys.map { $0 } == ["success"])
        }

        @Test("A redirection is followed once, and both are reported")
        func redirection() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer(["--lt-cred-mech", "--alternate-server", "\(RelayLab.other):3482"])
                try await lab.startReflector(["--listen", RelayLab.other, "--ports", "3482"])
                return try await lab.check(["--endpoint", "turn://\(RelayLab.server):3478", "--duration", "2s"]).report
            }
            let server = try #require(report.endpoints.first?.server)
            #expect(server.responses.keys.map { $0 } == ["300"])
            #expect(server.alternate?.address == RelayLab.other && server.alternate?.port == 3_482)
            #expect(server.alternate?.answered == false, "a reflector answers no STUN")
            #expect(report.findings("relay.redirected").count == 1)
            #expect(try report.stream(port: 3478).packets.received > 0)
        }

        @Test("A relay that limits is asked less often, and its limit is not the network's loss")
        func limit() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                try lab.filter("udp dport 3478-3481 limit rate over 8/second burst 5 packets drop")
                return try await lab.check(["--endpoint", "turn://\(RelayLab.server)", "--duration", "40s"]).report
            }
            let rates = try #require(report.endpoints.first?.server?.rates)
            #expect(rates.count >= 2)
            #expect(rates.last.map { Double($0.answered) >= 0.95 * Double($0.sent) } == true)
            #expect(report.findings("relay.limited").map(\.severity) == ["inconclusive"])
            #expect(report.findings("loss.high").isEmpty)
            #expect(report.criteria.first { $0.name == "loss" }?.grade == "inconclusive")
        }
    }
}
