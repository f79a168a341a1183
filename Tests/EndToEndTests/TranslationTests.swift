import Testing

extension EndToEnd {
    /// Through a router that translates addresses.
    @Suite(
        "Address translation",
        .enabled(if: RelayLab.isAvailable, "SKIPPED: coturn, nftables and openssl are needed")
    )
    struct Translation {
        @Test("A translator that picks ports at random maps by address and port")
        func random() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                try lab.translate("masquerade random")
                return try await lab.check(["--endpoint", "turn://\(RelayLab.server)", "--duration", "2s"]).report
            }
            let nat = try #require(report.endpoints.first?.nat)
            #expect(nat.translated && nat.mappingBehaviour == "address_and_port_dependent")
            #expect(nat.mappings.contains { !$0.portPreserved })
            #expect(report.findings("nat.port_dependent").count == 1)
            #expect(report.findings("nat.rebinding").isEmpty)
        }

        @Test("A reflector's Location tells it as well, and that the mapping is one for two addresses")
        func reflector() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startReflector()
                try lab.translate("masquerade")
                let second = ["--endpoint", "\(RelayLab.other):3478"]
                return try await lab.check(["--endpoint", "\(RelayLab.server):3478-3479", "--duration", "1s"] + second)
                    .report
            }
            let nat = try #require(report.endpoints.first?.nat)
            #expect(nat.translated && nat.mappingBehaviour == "endpoint_independent")
            #expect(nat.mappings.allSatisfy { $0.portPreserved && $0.reflexive.hasPrefix("10.78.2.1:") })
        }

        @Test("A translator that forgets idle mappings is found out, with the time")
        func rebinding() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                try lab.translate("masquerade random")
                for name in ["udp_timeout", "udp_timeout_stream"] {
                    try lab.set("net/netfilter/nf_conntrack_\(name)", "5", at: .gate)
                }
                return try await lab.check(["--endpoint", "turn://\(RelayLab.server):3478", "--duration", "20s"]).report
            }
            let changes = try #require(report.endpoints.first?.nat?.changes)
            #expect(changes.count == 1)
            #expect(changes.first.map { $0.idleS == 15 && (14...18).contains($0.afterS) } == true)
            #expect(report.findings("nat.rebinding").map(\.severity) == ["info"])
            #expect(try report.stream(port: 3478).packets.received == report.stream(port: 3478).packets.sent)
        }
    }
}
