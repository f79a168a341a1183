import Readiness
import Results
import Statistics
import Units

/// Documents of every kind, from checks that never took place.
enum SampleDocuments {
    static let startedAt = WallInstant(nanosecondsSinceUnixEpoch: 1_795_500_012_345_678_901)

    static func document(_ check: SampleCheck, profile: Profile = .teams) -> ResultDocument {
        let evidence = check.evidence
        return ResultDocument(
            evidence: evidence,
            verdict: Verdict.reached(on: evidence, profile: profile),
            description: description(of: evidence)
        )
    }

    static func description(of evidence: CheckEvidence) -> CheckDescription {
        var generator = Counter()
        return CheckDescription(
            id: ResultID(at: startedAt, using: &generator),
            site: "dublin",
            agent: "box-17",
            version: "0.1.0",
            startedAt: startedAt,
            endedAt: startedAt + evidence.duration,
            trigger: .manual,
            payloadBytes: 182,
            dscp: .expeditedForwarding,
            streams: evidence.endpoints.flatMap { endpoint in
                endpoint.ports.map { port in
                    StreamDescription(
                        endpoint: endpoint.name,
                        port: port.port,
                        probeProtocol: .stamp,
                        measuredSequence: 25...3_024,
                        duration: evidence.duration
                    )
                }
            }
        )
    }

    static var ready: SampleCheck { SampleCheck() }

    static var blockedPort: SampleCheck {
        .of {
            $0.streams[2].reachability = .silent
            $0.streams[0].forwardLost = 3
        }
    }

    static var inconclusive: SampleCheck {
        var check = SampleCheck.of {
            $0.method = .roundTripBounded
            $0.uncertainty = 50
            $0.roundTrip = 99.4...102
            $0.worseDelay = 49.7...100.5
            for index in $0.streams.indices {
                $0.streams[index].sent = 440
                $0.streams[index].forwardDelay = 50.4
                $0.streams[index].reverseDelay = 50.2
                $0.streams[index].farEndDSCP = nil
            }
        }
        check.duration = ms(8_800)
        check.clock = LocalClock(synchronized: false, maximumError: nil, source: "kernel")
        check.endpoints[0].hasWindow = false
        return check
    }

    static var everythingWrong: SampleCheck {
        var check = SampleCheck.of {
            $0.streams[0].forwardLost = 90
            $0.streams[0].forwardJitter = 44
            $0.streams[0].reordered = 3
            $0.streams[0].duplicates = 2
            $0.streams[0].forwardDelay = 150
            $0.streams[0].farEndDSCP = [0: 2_000, 34: 910]
            $0.streams[0].refusedReplies = ["malformed": 4]
            $0.streams[1].reachability = .refused(
                source: "203.0.113.1",
                byEndpoint: false,
                reason: "administratively prohibited"
            )
            $0.streams[2].reachability = .refused(
                source: "192.0.2.10",
                byEndpoint: true,
                reason: "port unreachable"
            )
            $0.streams[3].reachability = .notSent(reason: "operation not permitted")
            $0.burstRatio = 4
            $0.longestRun = 30
            $0.steps = [ClockStep(at: startedAt, by: ms(-512.5))]
            $0.contradicted = true
        }
        check.quality.socketDrops = 3
        check.quality.missedSends = 400
        check.quality.kernelTimestampsRatio = 0.4
        check.duration = .seconds(30)
        return check
    }

    static var withoutFarTimes: SampleCheck {
        .of {
            $0.method = nil
            $0.isStateful = false
            $0.streams[1].forwardLost = 5
        }
    }

    static var allSilent: SampleCheck {
        .of { for index in $0.streams.indices { $0.streams[index].reachability = .silent } }
    }

    static var twoEndpoints: SampleCheck {
        var check = SampleCheck()
        var second = SampleEndpoint()
        second.name = "stamp://[2001:db8::53]:862"
        second.address = "2001:db8::53"
        second.streams = [SampleStream(port: 862, farEndDSCP: [46: 10], returnDSCP: [46: 10])]
        check.endpoints.append(second)
        return check
    }

    /// A relay behind a translator, of which nearly everything that can be known is known.
    static var relay: SampleCheck {
        .of {
            $0.name = "turn://relay.example.net:3478-3481"
            $0.method = nil
            $0.isStateful = false
            for index in $0.streams.indices {
                $0.streams[index].farEndDSCP = nil
                $0.streams[index].returnDSCP = [0: 3_000]
            }
            $0.streams[1].reachability = .silent
            $0.access = SampleAccess.full
        }
    }

    static var nothing: SampleCheck {
        var check = SampleCheck()
        check.endpoints = []
        check.requiredDSCP = nil
        return check
    }

    /// A line that was searched for how many calls it carries.
    static var withCapacity: ResultDocument {
        let evidence = ready.evidence
        var search = CapacitySearch(fewest: 4, upTo: 100)
        for (calls, loss, broken) in [(4, 0, []), (8, 0, []), (16, 0.021, [Criterion.Name.latencyOneWay, .loss])] {
            search.record(
                CapacityTrial(
                    calls: calls,
                    kilobitsPerSecond: Double(calls) * 84,
                    delayP95: ms(calls == 16 ? 62.5 : 12.3),
                    queueing: ms(calls == 16 ? 48 : 0.4),
                    jitter: ms(1.2),
                    lossRatio: loss,
                    broken: broken
                )
            )
        }
        var description = description(of: evidence)
        description.calls = 8
        description.capacity = search
        for index in description.streams.indices { description.streams[index].calls = 2 }
        let verdict = Verdict.reached(on: evidence, profile: .teams)
        return ResultDocument(evidence: evidence, verdict: verdict, description: description)
    }

    /// By name, each under the profile that shows the most of it.
    static var all: [(name: String, document: ResultDocument)] {
        [
            ("ready", document(ready)), ("blocked port", document(blockedPort)),
            ("inconclusive", document(inconclusive)), ("everything wrong", document(everythingWrong)),
            ("without far times", document(withoutFarTimes)), ("all silent", document(allSilent)),
            ("two endpoints", document(twoEndpoints)), ("nothing", document(nothing)),
            ("client edge", document(everythingWrong, profile: .microsoftClientEdge)),
            ("customer edge", document(withoutFarTimes, profile: .microsoftCustomerEdge)),
            ("capacity", withCapacity), ("relay", document(relay)), ("incidents", SampleIncidents.document),
        ]
    }
}

/// Identifiers that are the same every time.
private struct Counter: RandomNumberGenerator {
    private var state: UInt64 = 0x0123_4567_89ab_cdef

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}
