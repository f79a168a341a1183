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

        @Test(
            "What leaves for a server and what returns is counted on the wire, answer by answer",
            arguments: ["turn://\(RelayLab.server)", "stun://[\(RelayLab.serverIPv6)]:3478-3479"]
        )
        func onWire(endpoint: String) async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                return try await lab.check(["--endpoint", endpoint, "--duration", "3s"]).report
            }
            for stream in report.streams {
                #expect(stream.packets.sent == 15)
                #expect(stream.wire?.egress == ["46": stream.packets.sent])
                #expect(stream.wire?.return.values.reduce(0, +) == stream.packets.received)
            }
            #expect(report.dscp?.capture?.dropped == 0)
        }

        @Test(
            "A trace to a server is shaped like its requests, and ends with its answers",
            arguments: [
                ("turn", RelayLab.server, ["10.78.1.1", RelayLab.server]),
                ("stun", "[\(RelayLab.serverIPv6)]", ["fd78:1::1", RelayLab.serverIPv6]),
            ]
        )
        func traced(scheme: String, host: String, addresses: [String]) async throws {
            let outcome = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                let pace = ["--interval", "100ms", "--max-hops", "5", "--timeout", "1s", "--format", "json", "--quiet"]
                let linecheck = try Executables.built("linecheck")
                let trace = try lab.start([linecheck, "trace", "\(scheme)://\(host):3478-3479"] + pace, at: .site)
                return try TraceOutcome(try await trace.end(within: 60))
            }
            for port in outcome.report.ports {
                #expect(port.addresses == addresses && port.end.state == "answered" && port.end.hop == 2)
                #expect(port.hops.first?.dscp == ["46": 3] && port.hops.last?.dscp == nil, "a server tells no marks")
            }
            #expect(outcome.status == 0)
        }

        /// aioice parses requests and makes answers: neither the codec nor its author is ours.
        @Test(
            "An independent implementation understands requests, and its answers are understood",
            arguments: [RelayLab.server, RelayLab.serverIPv6]
        )
        func independent(address: String) async throws {
            let host = address.contains(":") ? "[\(address)]" : address
            let (report, told) = try await RelayLab.with { lab in
                let server = try lab.start(
                    try Executables.peer("stun_server.py") + [address, "3478", "3479"],
                    at: .far
                )
                try await server.waitUntilItSays("listening")
                let endpoints = ["--endpoint", "turn://\(host):3478", "--endpoint", "stun://\(host):3479"]
                let report = try await lab.check(endpoints + ["--duration", "3s"]).report
                return (report, try await server.stop().standardOutput)
            }
            for stream in report.streams {
                #expect(stream.packets.sent == 15 && stream.packets.received == 15, "port \(stream.port)")
            }
            let servers = report.endpoints.compactMap(\.server)
            #expect(servers.map { $0.responses.keys.map { $0 } } == [["401"], ["success"]])
            #expect(servers.first?.realm == "peer.example" && servers.first?.software == "independent")
            #expect(report.endpoints.last?.nat?.translated == false, "the mapped address is this host's own")
            #expect(told.contains("ALLOCATE REQUEST") && told.contains("BINDING REQUEST"))
            #expect(!told.contains("refused"), "\(told)")
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
            for stream in report.streams {
                #expect(
                    stream.packets.sent < 150 && (39.0...41.5).contains(stream.durationS),
                    "fewer, in the same time"
                )
            }
        }
    }
}
