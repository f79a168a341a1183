import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("Servers that are not ours")
struct ServerFindingTests {
    private func judged(_ server: ServerEvidence, lost: Int = 0, returned: [Int: Int] = [0: 3_000]) -> Judged {
        Judged(
            .of {
                $0.method = nil
                $0.isStateful = false
                $0.access = AccessEvidence(server: server)
                for index in $0.streams.indices {
                    $0.streams[index].forwardLost = lost
                    $0.streams[index].farEndDSCP = nil
                    $0.streams[index].returnDSCP = returned
                }
            }
        )
    }

    private func rates(fast: (Int, Int, periods: Int), slow: (Int, Int)) -> ServerEvidence {
        ServerEvidence(
            responses: [401: fast.1 + slow.1],
            rates: [
                .init(interval: ms(200), sent: fast.0, answered: fast.1, lossPeriods: fast.periods),
                .init(interval: ms(400), sent: slow.0, answered: slow.1, lossPeriods: 0),
            ]
        )
    }

    @Test("losses that end with the rate are the server's limit and not the network's")
    func limit() throws {
        let judged = judged(rates(fast: (100, 40, periods: 20), slow: (100, 99)), lost: 600)
        let finding = try #require(judged.finding(.relayLimited))
        #expect(finding.summary.contains("limits how often it answers"))
        #expect(finding.severity == .inconclusive)
        #expect(finding.value("answers_1") == .count(40) && finding.value("interval_2_ms") == .number(400))
        let loss = try judged.one(.loss)
        #expect(loss.grade == .inconclusive)
        #expect(loss.settle?.contains("--relay-interval") == true)
        #expect(!judged.codes.contains(.lossHigh))
    }

    @Test("an outage, and a path that stays bad, are no limit", arguments: [(1, 99), (20, 60)])
    func noLimit(periods: Int, slow: Int) throws {
        let judged = judged(rates(fast: (100, 40, periods: periods), slow: (100, slow)), lost: 600)
        let finding = try #require(judged.finding(.relayLimited))
        #expect(finding.severity == .info)
        #expect(finding.summary.contains("these answers do not tell"))
        #expect(try judged.one(.loss).grade == .notReady)
    }

    @Test("a server that says so is quoted")
    func saysSo() throws {
        let server = ServerEvidence(
            responses: [486: 40],
            rates: [.init(interval: ms(200), sent: 40, answered: 40, lossPeriods: 0)]
        )
        let finding = try #require(judged(server).finding(.relayLimited))
        #expect(finding.summary.contains("says that it limits what it serves (486)"))
    }

    @Test("one that answers all is not mentioned")
    func quiet() {
        let server = ServerEvidence(
            responses: [401: 300],
            rates: [.init(interval: ms(200), sent: 300, answered: 300, lossPeriods: 0)]
        )
        #expect(judged(server).codes.isDisjoint(with: [.relayLimited, .relayRedirected]))
    }

    @Test("a redirection names whom, and whether that one answers")
    func redirection() throws {
        var server = ServerEvidence(responses: [300: 10])
        server.alternate = .init(address: "2001:db8::1", port: 3479, answered: false, roundTrip: nil)
        let finding = try #require(judged(server).finding(.relayRedirected))
        #expect(finding.summary.contains("to 2001:db8::1, port 3479, which does not answer"))
        #expect(finding.remedy.contains("turn://[2001:db8::1]:3479"))
    }

    @Test("unmarked answers of a server prove nothing, marked ones do")
    func marks() {
        let unmarked = judged(ServerEvidence())
        #expect(unmarked.all(.dscp).isEmpty)
        #expect(unmarked.codes.contains(.dscpReturnNotTested))
        #expect(!unmarked.codes.contains(.dscpBleachedReturn))
        let marked = judged(ServerEvidence(), returned: [46: 2_000, 0: 1_000])
        #expect(marked.all(.dscp).map(\.grade) == [.atRisk])
    }
}
