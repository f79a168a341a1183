import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("Loss")
struct LossGradingTests {
    static func loss(_ change: (inout SampleEndpoint) -> Void) throws -> Criterion {
        try Judged(.of(change)).one(.loss)
    }

    static func sent(_ each: Int, _ endpoint: inout SampleEndpoint) {
        for index in endpoint.streams.indices { endpoint.streams[index].sent = each }
    }

    @Test("no loss in 3,000 packets is ready, in fewer not yet")
    func noLoss() throws {
        let enough = try Self.loss { Self.sent(750, &$0) }
        #expect(enough.grade == .ready && enough.value == 0 && enough.direction == nil)
        let few = try Self.loss { Self.sent(440, &$0) }
        #expect(few.grade == .inconclusive)
        #expect(few.settle == "3,000 packets, 1,240 more, at the loss seen here (0 %): a check of 110 s")
    }

    @Test("ports are pooled and the worse direction counts")
    func pooled() throws {
        let loss = try Self.loss {
            $0.streams[0].reverseLost = 40
            $0.streams[3].reverseLost = 20
            $0.streams[1].forwardLost = 3
        }
        #expect(loss.value == 0.005)
        #expect(loss.direction == .reverse && loss.port == nil)
        #expect(loss.basis == .perDirection)
        #expect(loss.grade == .atRisk)
    }

    @Test(
        "is graded on its interval",
        arguments: [
            (1, .ready), (9, .inconclusive), (12, .inconclusive), (30, .atRisk), (110, .atRisk), (121, .atRisk),
            (200, .notReady),
        ] as [(Int, Grade)]
    )
    func interval(lost: Int, grade: Grade) throws {
        #expect(try Self.loss { $0.streams[0].forwardLost = lost }.grade == grade)
    }

    @Test("beyond the target for certain and perhaps beyond the limit is at risk, and says so")
    func openLimit() throws {
        let loss = try Self.loss { $0.streams[0].forwardLost = 110 }
        #expect(loss.grade == .atRisk)
        #expect(loss.settle?.contains("packets") == true)
        let onBound = try Self.loss { $0.streams[0].forwardLost = 120 }
        #expect(
            onBound.settle
                == "nothing but a change: the loss lies too near the bound for a longer check to tell them apart"
        )
    }

    @Test("clustered losses take more packets")
    func bursty() throws {
        let loss = try Self.loss {
            $0.streams[0].forwardLost = 6
            $0.burstRatio = 3
            $0.longestRun = 6
        }
        #expect(loss.grade == .inconclusive)
        let plain = try Self.loss { $0.streams[0].forwardLost = 6 }
        #expect(plain.grade == .ready)
        let finding = try #require(
            Judged(
                .of {
                    $0.streams[0].forwardLost = 6
                    $0.burstRatio = 3
                    $0.longestRun = 6
                }
            ).finding(.lossBursty)
        )
        #expect(finding.severity == .info)
        #expect(finding.value("longest_run_packets") == .count(6))
        #expect(finding.summary.contains("120 ms"))
    }

    @Test("where direction cannot be told it lies between about half the round trip's and all of it")
    func roundTrip() throws {
        let loss = try Self.loss {
            $0.isStateful = false
            $0.streams[0].forwardLost = 18
        }
        #expect(loss.basis == .roundTrip && loss.direction == nil)
        #expect(loss.value == 0.0015)
        let interval = try #require(loss.interval)
        #expect(abs(interval.lowerBound - SampleBounds.lower(18, 12_000) / 2) < 1e-6)
        #expect(abs(interval.upperBound - SampleBounds.upper(18, 12_000)) < 1e-9)
        #expect(loss.grade == .inconclusive)
        #expect(loss.settle == "an endpoint that counts what arrives there, as a stateful STAMP reflector does")
    }

    @Test("losses of unknown direction widen the interval")
    func unattributed() throws {
        let loss = try Self.loss { $0.streams[0].unattributed = 20 }
        #expect(loss.grade == .inconclusive)
        #expect(loss.settle?.hasPrefix("packets whose direction of loss is known") == true)
    }

    @Test("losses of unknown direction were in one of the two: half of them is the least of the worse")
    func unattributedButCertain() throws {
        let loss = try Self.loss { $0.streams[0].unattributed = 1_500 }
        #expect(loss.grade == .notReady)
        #expect(loss.basis == .roundTrip && loss.direction == nil)
        let low = SampleBounds.lower(1_500, 12_000)
        #expect(abs(try #require(loss.interval).lowerBound - (1 - (1 - low).squareRoot())) < 1e-6)
    }

    @Test("replies that this host dropped are not the network's losses")
    func socketDrops() throws {
        func judged(_ drops: Int, forward: Int = 0, reverse: Int) -> Judged {
            var check = SampleCheck.of {
                $0.streams[0].reverseLost = reverse
                $0.streams[0].forwardLost = forward
            }
            check.quality.socketDrops = drops
            return Judged(check)
        }
        #expect(try judged(0, reverse: 60).one(.loss).grade == .atRisk)
        let excused = judged(60, reverse: 60)
        #expect(try excused.one(.loss).grade == .inconclusive)
        #expect(
            try excused.one(.loss).settle
                == "a check that loses none of its own replies (this machine dropped 60 replies)"
        )
        #expect(excused.finding(.probeSocketDrops)?.severity == .inconclusive)
        #expect(excused.finding(.lossHigh) == nil)
        #expect(try judged(10, reverse: 60).one(.loss).grade == .atRisk, "fifty are proven all the same")
        #expect(try judged(60, forward: 60, reverse: 0).one(.loss).grade == .atRisk, "they were lost on the way there")
        #expect(judged(2, reverse: 0).finding(.probeSocketDrops)?.severity == .info)
    }

    @Test("windows are those of the worst stream")
    func windows() throws {
        let judged = Judged(
            .of {
                $0.streams[1].lossWorst15s = 0.008
                $0.streams[2].lossWorst200ms = 0.1
            },
            .microsoftClientEdge
        )
        let losses = judged.all(.loss)
        #expect(losses.map(\.statistic) == [.worst15s, .worst200ms])
        #expect(losses[0].grade == .ready && losses[0].port == 3479 && losses[0].value == 0.008)
        #expect(losses[1].grade == .notReady && losses[1].port == 3480)
        #expect(Judged(.of { $0.hasWindow = false }, .microsoftClientEdge).all(.loss)[0].grade == .inconclusive)
    }

    @Test("a window of replies that this host may have dropped proves nothing, one on the way there does")
    func windowsWithDrops() throws {
        var check = SampleCheck.of { $0.streams[2].lossWorst200ms = 0.3 }
        check.quality.socketDrops = 1
        let both = Judged(check, .microsoftClientEdge).all(.loss)[1]
        #expect(both.grade == .notReady && both.direction == .forward)
        check.endpoints[0].isStateful = false
        let judged = Judged(check, .microsoftClientEdge)
        #expect(judged.all(.loss)[1].grade == .inconclusive)
        #expect(judged.finding(.probeSocketDrops)?.severity == .inconclusive)
    }

    @Test("blocked ports do not count as loss")
    func blockedPort() throws {
        let judged = Judged(.of { $0.streams[3].reachability = .silent })
        #expect(try judged.one(.loss).grade == .ready)
        #expect(judged.verdict.grade == .notReady)
    }

    @Test("reordering and duplicates are said, and graded where the profile has a number")
    func reordering() throws {
        let check = SampleCheck.of {
            $0.streams[0].reordered = 12
            $0.streams[1].duplicates = 1
        }
        let teams = Judged(check)
        #expect(teams.finding(.reorderingPresent)?.severity == .info)
        #expect(teams.finding(.duplicatesPresent)?.summary.hasPrefix("1 packet between") == true)
        #expect(teams.all(.reordering).isEmpty)
        let microsoft = Judged(check, .microsoftClientEdge)
        let reordering = try microsoft.one(.reordering)
        #expect(reordering.value == 0.001 && reordering.direction == .forward)
        #expect(reordering.grade == .notReady)
        #expect(microsoft.verdict.findings.filter { $0.code == .reorderingPresent }.map(\.severity) == [.notReady])
        #expect(try Judged(SampleCheck(), .microsoftClientEdge).one(.reordering).grade == .ready)
        #expect(try Judged(SampleCheck(), .microsoftCustomerEdge).one(.reordering).settle?.hasPrefix("30,000") == true)
    }
}
