import Readiness
import Statistics
import Units

/// What was seen of the way to an endpoint that never was.
enum SampleAccess {
    static var full: AccessEvidence {
        AccessEvidence(
            addresses: [
                AddressEvidence(address: "192.0.2.10", isMeasured: true),
                AddressEvidence(address: "192.0.2.11", isMeasured: false, answered: true, roundTrip: ms(12.5)),
                AddressEvidence(address: "2001:db8::10", isMeasured: false, unreachable: "network is unreachable"),
            ],
            server: server,
            nat: nat,
            diagnoses: [3479: diagnosis(passing: .unmarked)],
            fallback: FallbackEvidence(
                port: 443,
                tcp: .connected,
                connectTime: ms(13.1),
                tls: .untrusted(issuer: "O = Inspector", subject: "CN = proxy", reason: "self-signed certificate")
            ),
            controlPort: control()
        )
    }

    static var server: ServerEvidence {
        ServerEvidence(
            software: "Coturn-4.6.1 'Gorst'",
            realm: "example.net",
            responses: [401: 8_990, 486: 10, 0: 1],
            rates: [
                .init(interval: ms(200), sent: 100, answered: 40, lossPeriods: 30),
                .init(interval: ms(400), sent: 200, answered: 199, lossPeriods: 1),
            ],
            alternate: .init(address: "192.0.2.20", port: 3479, answered: true, roundTrip: ms(14))
        )
    }

    static var nat: NATEvidence {
        NATEvidence(
            mappings: [
                .init(
                    port: 3478,
                    local: "10.0.0.5:40000",
                    reflexive: "198.51.100.7:61000",
                    isPortPreserved: false
                )
            ],
            changes: [change(after: 15, idle: 15)],
            changeCount: 1,
            behaviour: .addressAndPortDependent
        )
    }

    static func change(after seconds: Int64, idle: Int64) -> NATEvidence.Change {
        .init(
            port: 3478,
            at: SampleDocuments.startedAt + .seconds(seconds),
            after: .seconds(seconds),
            from: "198.51.100.7:61000",
            to: "198.51.100.7:61001",
            idle: .seconds(idle)
        )
    }

    /// A port of which only one kind of probes, or none, comes back.
    static func diagnosis(passing: PortDiagnosis.Kind?) -> PortDiagnosis {
        PortDiagnosis(
            series: PortDiagnosis.Kind.allCases.map { kind in
                let isSmall = kind == .small || kind == .smallUnmarked
                let isUnmarked = kind == .unmarked || kind == .smallUnmarked
                return .init(
                    kind: kind,
                    dscp: isUnmarked ? .bestEffort : .expeditedForwarding,
                    payloadBytes: isSmall ? 44 : 182,
                    sent: 8,
                    answered: kind == passing ? 8 : 0
                )
            }
        )
    }

    /// A control port that fares as a stream does.
    static func control(_ change: (inout SampleStream) -> Void = { _ in }) -> ControlPortEvidence {
        var stream = SampleStream(port: 5004)
        change(&stream)
        let evidence = stream.evidence(in: SampleEndpoint())
        return ControlPortEvidence(port: 5004, reachability: .answered, statistics: evidence.statistics)
    }
}
