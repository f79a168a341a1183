import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("Jitter")
struct JitterGradingTests {
    static func check(_ change: (inout SampleEndpoint) -> Void) throws -> Criterion {
        try Judged(.of(change)).one(.jitter)
    }

    @Test("names the worst port and direction")
    func worst() throws {
        let jitter = try Self.check { $0.streams[2].reverseJitter = 12 }
        #expect(jitter.port == 3480 && jitter.direction == .reverse)
        #expect(jitter.value == 12 && jitter.interval == 11.95...12.05)
        #expect(jitter.grade == .atRisk)
        #expect(jitter.basis == .perDirection && jitter.statistic == .worst15s)
    }

    @Test(
        "is graded on the worst window, give or take the timestamps",
        arguments: [
            (9.9, 0.05, .ready), (10, 0, .atRisk), (9.99, 0.05, .inconclusive), (29.99, 0.05, .atRisk),
            (30, 0, .notReady), (31, 0.5, .notReady),
        ] as [(Double, Double, Grade)]
    )
    func edges(value: Double, uncertainty: Double, grade: Grade) throws {
        let jitter = try Self.check {
            $0.streams[0].forwardJitter = value
            $0.streams[0].jitterUncertainty = uncertainty
        }
        #expect(jitter.grade == grade)
    }

    @Test("an uncertain port may be the worst though another's estimate is higher")
    func uncertainPort() throws {
        let jitter = try Self.check {
            $0.streams[0].forwardJitter = 9
            $0.streams[1].forwardJitter = 8
            $0.streams[1].jitterUncertainty = 3
        }
        #expect(jitter.port == 3478)
        #expect(jitter.interval == 8.95...11)
        #expect(jitter.grade == .inconclusive)
        #expect(jitter.settle == "timestamps good to 1 ms (2 ms here)")
    }

    @Test("a run shorter than the window misses a bound or settles nothing")
    func short() throws {
        let good = try Self.check { $0.hasWindow = false }
        #expect(good.grade == .inconclusive)
        #expect(good.value == 0.96)
        #expect(good.interval?.upperBound == 2.45)
        #expect(good.settle == "a check of at least 15 s (60 s here)")
        let bad = try Self.check {
            $0.hasWindow = false
            $0.streams[0].forwardJitter = 50
        }
        #expect(bad.grade == .notReady)
    }

    @Test("the round trip's jitter bounds that of the worse direction from both sides")
    func roundTrip() throws {
        func jitter(_ each: Double) throws -> Criterion {
            try Self.check {
                $0.method = nil
                for index in $0.streams.indices {
                    $0.streams[index].forwardJitter = each
                    $0.streams[index].reverseJitter = each
                    $0.streams[index].jitterUncertainty = 0
                }
            }
        }
        let open = try jitter(6)
        #expect(open.value == 12 && open.interval == 6...12)
        #expect(open.grade == .inconclusive && open.basis == .roundTrip && open.direction == nil)
        #expect(open.settle?.contains("each direction") == true)
        #expect(try jitter(4.9).grade == .ready)
        #expect(try jitter(14.9).grade == .atRisk)
        #expect(try jitter(30).grade == .notReady)
    }

    @Test("a probe that kept bad time does not blame the network for it")
    func overloaded() throws {
        var check = SampleCheck.of {
            $0.streams[0].forwardJitter = 40
            for index in $0.streams.indices { $0.streams[index].forwardDelay = 200 }
        }
        check.quality.sendErrorP99 = .milliseconds(6)
        #expect(try Judged(check).one(.jitter).grade == .notReady, "the kernel's times are good all the same")
        #expect(Judged(check).finding(.probeOverloaded)?.severity == .info)
        check.quality.kernelTimestampsRatio = 0.5
        let judged = Judged(check)
        #expect(try judged.one(.jitter).grade == .inconclusive)
        #expect(try judged.one(.latencyOneWay).grade == .inconclusive)
        #expect(judged.finding(.probeOverloaded)?.severity == .inconclusive)
        #expect(judged.finding(.probeNoKernelTimestamps)?.severity == .inconclusive)
        #expect(judged.finding(.jitterHigh) == nil)
    }

    @Test("timestamps too coarse to settle it are what the finding is about")
    func coarseTimestamps() {
        var check = SampleCheck.of {
            $0.streams[1].forwardJitter = 9
            $0.streams[1].jitterUncertainty = 2
        }
        check.quality.kernelTimestampsRatio = 0.5
        #expect(Judged(check).finding(.probeNoKernelTimestamps)?.severity == .inconclusive)
    }

    @Test("what looks good in spite of bad time is good")
    func overloadedAndGood() throws {
        var check = SampleCheck()
        check.quality.missedSends = 100
        check.quality.kernelTimestampsRatio = 0
        let judged = Judged(check)
        #expect(try judged.one(.jitter).grade == .ready)
        #expect(judged.finding(.probeOverloaded)?.severity == .info)
    }
}
