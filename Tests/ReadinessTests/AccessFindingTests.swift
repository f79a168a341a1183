import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("What stands on the way")
struct AccessFindingTests {
    private func judged(_ access: AccessEvidence, _ change: (inout SampleEndpoint) -> Void = { _ in }) -> Judged {
        Judged(
            .of {
                $0.access = access
                change(&$0)
            }
        )
    }

    private func silence(_ endpoint: inout SampleEndpoint) {
        for index in endpoint.streams.indices { endpoint.streams[index].reachability = .silent }
    }

    // MARK: Blocked or down

    @Test("a host that answers by TCP shows that UDP is blocked")
    func fallback() throws {
        let tcp = FallbackEvidence(port: 443, tcp: .connected, connectTime: ms(20), tls: .trusted(issuer: "CN = CA"))
        let finding = try #require(judged(AccessEvidence(fallback: tcp), silence).finding(.udpBlocked))
        #expect(finding.severity == .notReady)
        #expect(finding.summary.contains("is blocked on the way: its host answers on TCP 443"))
        #expect(finding.value("tcp_443") == .text("connected"))
        #expect(finding.value("tls") == .text("trusted, issued by CN = CA"))
    }

    @Test("silence by TCP as well is put down to this host only where nothing else answered")
    func offline() throws {
        let nothing = AccessEvidence(fallback: FallbackEvidence(port: 443, tcp: .timedOut))
        let alone = try #require(judged(nothing, silence).finding(.udpBlocked))
        #expect(alone.summary.contains("this host may be offline, or the endpoint down"))
        var check = SampleDocuments.twoEndpoints
        check.endpoints[0].access = nothing
        silence(&check.endpoints[0])
        let beside = try #require(Judged(check).finding(.udpBlocked))
        #expect(beside.summary.contains("while other endpoints did: it is down, or everything to it is blocked"))
    }

    @Test("a refusal by TCP settles nothing")
    func refused() throws {
        let access = AccessEvidence(fallback: FallbackEvidence(port: 443, tcp: .refused))
        let finding = try #require(judged(access, silence).finding(.udpBlocked))
        #expect(finding.summary.contains("a host is there, but it may serve neither"))
        #expect(finding.remedy.hasPrefix("To tell which,"))
    }

    @Test(
        "a port that answers packets of another kind is told apart from a blocked one",
        arguments: [
            (PortDiagnosis.Kind.unmarked, Finding.Code.udpBlockedWhenMarked), (.small, .udpBlockedWhenLarge),
            (.smallUnmarked, .udpBlockedWhenLarge),
        ]
    )
    func picky(kind: PortDiagnosis.Kind, code: Finding.Code) throws {
        let access = AccessEvidence(diagnoses: [3480: SampleAccess.diagnosis(passing: kind)])
        let judged = judged(access) { $0.streams[2].reachability = .silent }
        let finding = try #require(judged.finding(code))
        #expect(finding.value("ports") == .text("3480"))
        #expect(finding.value("\(kind.rawValue)_answered") == .count(8))
        #expect(finding.value("same_answered") == .count(0))
        #expect(judged.finding(.udpBlocked) == nil)
        #expect(judged.verdict.grade == .notReady)
    }

    @Test("a port where nothing passes, or what was sent before passes now, is no picky one")
    func notPicky() {
        for kind in [nil, PortDiagnosis.Kind.same] {
            let access = AccessEvidence(diagnoses: [3480: SampleAccess.diagnosis(passing: kind)])
            let judged = judged(access) { $0.streams[2].reachability = .silent }
            #expect(judged.codes.contains(.udpBlocked))
            #expect(judged.codes.isDisjoint(with: [.udpBlockedWhenMarked, .udpBlockedWhenLarge]))
        }
    }

    @Test("a certificate that nobody vouches for is interception, one that is trusted is none")
    func interception() throws {
        func access(_ tls: FallbackEvidence.Handshake) -> AccessEvidence {
            AccessEvidence(fallback: FallbackEvidence(port: 443, tcp: .connected, tls: tls))
        }
        let forged = FallbackEvidence.Handshake.untrusted(issuer: "O = Box", subject: "CN = *", reason: "self-signed")
        let finding = try #require(judged(access(forged)).finding(.tlsInterception))
        #expect(finding.severity == .atRisk)
        #expect(finding.value("certificate_issuer") == .text("O = Box"))
        #expect(finding.value("certificate_subject") == .text("CN = *"))
        let local = FallbackEvidence.Handshake.locallyTrusted(issuer: "O = Box", subject: "CN = relay")
        #expect(judged(access(local)).finding(.tlsInterception)?.severity == .info, "an own server may well have it")
        #expect(!judged(access(.trusted(issuer: nil))).codes.contains(.tlsInterception))
        #expect(!judged(access(.failed(reason: "reset"))).codes.contains(.tlsInterception))
    }

    // MARK: Translation

    @Test("a mapping lost by a silent flow is a note, one lost by a busy flow a risk")
    func rebinding() throws {
        var nat = SampleAccess.nat
        let idle = try #require(judged(AccessEvidence(nat: nat)).finding(.natRebinding))
        #expect(idle.severity == .info)
        #expect(idle.summary.contains("whenever a flow is silent for 15 s"))
        nat.changes = [SampleAccess.change(after: 7, idle: 1), SampleAccess.change(after: 15, idle: 15)]
        nat.changeCount = 2
        let busy = try #require(judged(AccessEvidence(nat: nat)).finding(.natRebinding))
        #expect(busy.severity == .atRisk)
        #expect(busy.summary.contains("2 times during the check, first after 7 s"))
        nat.changes = []
        nat.changeCount = 0
        #expect(!judged(AccessEvidence(nat: nat)).codes.contains(.natRebinding))
    }

    @Test("mappings by port matter only where there is a translator")
    func behaviour() {
        var nat = SampleAccess.nat
        #expect(judged(AccessEvidence(nat: nat)).codes.contains(.natPortDependent))
        nat.behaviour = .endpointIndependent
        #expect(!judged(AccessEvidence(nat: nat)).codes.contains(.natPortDependent))
        nat.behaviour = .addressAndPortDependent
        nat.mappings[0].reflexive = nat.mappings[0].local
        #expect(!judged(AccessEvidence(nat: nat)).codes.contains(.natPortDependent))
    }
}
