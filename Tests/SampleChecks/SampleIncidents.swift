import Readiness
import Results
import Statistics
import Units

/// Incidents that never happened.
enum SampleIncidents {
    private static let start = SampleDocuments.startedAt
    private static let interval = Nanoseconds.milliseconds(20)

    private static let clock = ClockRelation(
        method: .synchronized,
        offset: ms(-1.234),
        uncertainty: ms(0.4),
        skewPPM: 3.1,
        skewUncertaintyPPM: 0.4,
        steps: [],
        claimsContradicted: false
    )

    /// A minute of packets as a steady line has them: delays swing by a millisecond in five seconds.
    private static var minute: [KeptPacket] {
        (0..<3_000).map { index in
            let swing = Int64(index % 250 < 125 ? index % 125 : 125 - index % 125) * 8
            var packet = KeptPacket(
                sequence: UInt32(index + 25),
                sentAt: start + interval * Int64(index) + .microseconds(Int64(index * 37 % 90)),
                fate: .answered,
                forward: ms(12) + .microseconds(swing),
                reverse: ms(11) + .microseconds(swing / 2),
                stay: .microseconds(40)
            )
            packet.roundTrip = ms(23) + .microseconds(swing + swing / 2)
            (packet.farMark, packet.returnedMark) = (.expeditedForwarding, .expeditedForwarding)
            return packet
        }
    }

    private static func lose(_ packets: inout [KeptPacket], _ range: Range<Int>, _ fate: PacketFate) {
        for index in range {
            packets[index] = KeptPacket(sequence: packets[index].sequence, sentAt: packets[index].sentAt, fate: fate)
        }
    }

    /// Twenty packets lost forward at half a minute, two in reverse; delay 70 ms up for a second and a half; one
    /// overtaken and one doubled.
    static var lossBurst: IncidentEvidence {
        var packets = minute
        for index in 1_600..<1_675 {
            packets[index].forward = packets[index].forward.map { $0 + ms(70) }
            packets[index].roundTrip = packets[index].roundTrip.map { $0 + ms(70) }
        }
        lose(&packets, 1_500..<1_520, .lostForward)
        lose(&packets, 1_530..<1_532, .lostReverse)
        packets[1_540].reordered = .forward
        packets[1_541].duplicated = .reverse
        packets[1_542].returnedMark = .bestEffort
        let loss = broken(
            WindowBound(.loss, target: 0.001, limit: 0.01),
            .forward,
            from: 22.7,
            20.0 / 750,
            (20.0 / 750)...(20.0 / 750)
        )
        let delay = broken(
            WindowBound(.latencyOneWay, percentile: 95, target: 50, limit: 100),
            .forward,
            from: 25.2,
            82.4,
            81.9...82.9
        )
        return evidence(packets, [loss, delay], port: 3478)
    }

    /// By clocks that leave open whether it happened.
    static var unproven: IncidentEvidence {
        let delay = broken(
            WindowBound(.latencyOneWay, percentile: 95, target: 50, limit: 100),
            .reverse,
            from: 10,
            57.1,
            12.4...101.8
        )
        var evidence = evidence(Array(minute.prefix(500)), [delay], port: 3480)
        evidence.incident.clock?.method = .roundTripBounded
        evidence.incident.oneWayUncertainty = ms(44.7)
        evidence.local = nil
        return evidence
    }

    private static func broken(
        _ bound: WindowBound,
        _ direction: BrokenBound.Direction,
        from seconds: Double,
        _ value: Double,
        _ interval: ClosedRange<Double>
    ) -> BrokenBound {
        let from = start + .seconds(rounding: seconds)
        return BrokenBound(
            bound: bound,
            direction: direction,
            from: from,
            until: from + .seconds(15),
            value: value,
            interval: interval
        )
    }

    private static func evidence(_ packets: [KeptPacket], _ broken: [BrokenBound], port: UInt16) -> IncidentEvidence {
        IncidentEvidence(
            endpoint: "stamp://reflect.example.net:3478-3481",
            address: "192.0.2.10",
            port: port,
            local: .init(address: "192.0.2.77", port: 49_152),
            incident: Incident(
                port: 0,
                stream: 0,
                broken: broken,
                from: broken.map(\.from).min() ?? start,
                until: broken.map(\.until).max() ?? start,
                keptFrom: start,
                keptUntil: start + .seconds(60),
                packets: packets,
                interval: interval,
                clock: clock,
                oneWayUncertainty: ms(0.44)
            )
        )
    }

    /// A result that has both.
    static var document: ResultDocument {
        var evidence = SampleDocuments.everythingWrong.evidence
        evidence.incidents = [lossBurst, unproven]
        return ResultDocument(
            evidence: evidence,
            verdict: Verdict.reached(on: evidence, profile: .teams),
            description: SampleDocuments.description(of: evidence)
        )
    }
}
