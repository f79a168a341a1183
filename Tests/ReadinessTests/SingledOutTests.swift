import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("Ports that are singled out")
struct SingledOutTests {
    private func judged(
        control: ControlPortEvidence = SampleAccess.control(),
        _ change: (inout SampleEndpoint) -> Void = { _ in }
    ) -> Judged {
        Judged(
            .of {
                $0.access = AccessEvidence(controlPort: control)
                change(&$0)
            }
        )
    }

    @Test("ports that fare alike are not")
    func alike() {
        #expect(!judged().codes.contains(.pathPortsSingledOut))
        let noisy = judged { $0.streams[1].forwardDelay += 0.9 }
        #expect(!noisy.codes.contains(.pathPortsSingledOut), "within what sampling and timestamps leave open")
    }

    @Test("a port that is slower, less steady or loses more is named with its figures")
    func worse() throws {
        let judged = judged {
            $0.streams[1].forwardDelay = 40
            $0.streams[2].forwardLost = 90
            $0.streams[3].forwardJitter = 12
        }
        let finding = try #require(judged.finding(.pathPortsSingledOut))
        #expect(finding.severity == .atRisk)
        #expect(finding.summary.contains("Teams' ports 3479-3481 worse than the same packets to port 5004"))
        #expect(finding.summary.contains("more loss, more delay, more jitter"))
        #expect(finding.value("loss_on_3480_ratio") == .number(0.03))
        #expect(finding.value("control_port") == .count(5_004))
    }

    @Test("a control port that is as bad takes the blame off the ports")
    func asBad() {
        let control = SampleAccess.control { $0.forwardLost = 90 }
        let judged = judged(control: control) { for index in 0..<4 { $0.streams[index].forwardLost = 90 } }
        #expect(!judged.codes.contains(.pathPortsSingledOut))
    }

    @Test("a blocked port beside an answering control port is singled out")
    func blocked() throws {
        let judged = judged { $0.streams[1].reachability = .silent }
        let finding = try #require(judged.finding(.pathPortsSingledOut))
        #expect(finding.summary.contains("Teams' port 3479 worse"))
        #expect(finding.summary.contains("no answers"))
    }

    @Test("a control port that does not answer says nothing")
    func silentControl() {
        var control = SampleAccess.control()
        control.reachability = .silent
        let judged = judged(control: control) { $0.streams[1].forwardDelay = 40 }
        #expect(!judged.codes.contains(.pathPortsSingledOut))
    }
}
