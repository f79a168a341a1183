import Readiness
import Statistics
import Testing
import Units

@Suite("What a trace comes to")
struct TraceVerdictTests {
    private static let destination = IPAddress(ipv4: 0x0a42_0502)
    private static func router(_ hop: Int, _ way: Int = 0) -> IPAddress {
        IPAddress(ipv4: 0x0a42_0002 | UInt32(hop) << 8 | UInt32(way) << 4)
    }

    /// A path whose hops saw these marks on three probes each; an empty list is a silent hop.
    private func path(
        _ port: UInt16,
        _ marks: [[Int: Int]],
        end: TraceEnd? = nil,
        way: Int = 0,
        from differing: Int = 99
    ) -> TracePath {
        let hops = marks.enumerated().map { index, packets in
            var hop = TraceHop(hop: index + 1, sent: 3)
            hop.answered = packets.values.reduce(0, +)
            for (mark, count) in packets { if let mark = DSCP(mark) { hop.marks[mark] = count } }
            let isLast = index + 1 == marks.count && end == nil
            let address = isLast ? Self.destination : Self.router(index + 1, index + 1 >= differing ? way : 0)
            if hop.answered > 0 { hop.answerers = [.init(address: address, packets: hop.answered)] }
            return hop
        }
        let flow = TraceFlow(
            source: Self.router(0),
            sourcePort: 40_000,
            destination: Self.destination,
            destinationPort: port
        )
        return TracePath(flow: flow, hops: hops, end: end ?? .answered(hop: marks.count), notSent: 0)
    }

    private func verdict(_ paths: [TracePath], readsQuotes: Bool = true) -> TraceVerdict {
        TraceVerdict(
            TraceEvidence(
                endpoint: "stamp://10.66.5.2:3478-3481",
                destination: Self.destination,
                dscp: .expeditedForwarding,
                paths: paths,
                readsQuotes: readsQuotes
            )
        )
    }

    private func evidence(_ finding: Finding?, _ name: String) -> EvidenceValue? {
        finding?.evidence.first { $0.name == name }?.value
    }

    private let right = [46: 3]
    private let bleached = [0: 3]

    @Test("Nothing found is ready")
    func ready() {
        let verdict = verdict([path(3_478, [right, right, right])])
        #expect(verdict.grade == .ready && verdict.findings.isEmpty)
    }

    @Test("A mark is changed between the last hop that saw it right and the first that did not, silent hops between")
    func changed() {
        let verdict = verdict([
            path(3_478, [right, right, [:], bleached, bleached]), path(3_479, [right, right, right, right, right]),
        ])
        let finding = verdict.findings.first
        #expect(finding?.code == .dscpBleachedForward)
        #expect(evidence(finding, "last_hop") == .count(2) && evidence(finding, "first_hop") == .count(4))
        #expect(evidence(finding, "share_ratio") == .number(1))
        #expect(evidence(finding, "ports") == .text("3478"))
        #expect(finding?.remedy.contains("the hop between them") == true)
        #expect(verdict.grade == .atRisk)
    }

    @Test("A hop that quotes another mark than it got is not where the mark changes", arguments: [false, true])
    func wrongQuote(changesLater: Bool) {
        let last = changesLater ? bleached : right
        let verdict = verdict((3_478...3_481).map { path($0, [right, [8: 3], right, right, last]) })
        let rewritten = verdict.findings.filter { $0.code == .pathQuoteRewritten }
        #expect(rewritten.map { evidence($0, "hop") } == [.count(2)])
        let changes = verdict.findings.filter { $0.code == .dscpBleachedForward }
        #expect(changes.map { evidence($0, "first_hop") } == (changesLater ? [.count(5)] : []))
        #expect(!verdict.findings.contains { $0.code == .dscpRemarkedForward })
    }

    @Test("So few probes that chance may have done it are no proof that a hop rewrites what it quotes")
    func doubtfulQuote() {
        let verdict = verdict([path(3_478, [right, right, [8: 3], right])])
        #expect(verdict.findings.map(\.code) == [.dscpRemarkedForward])
        let finding = verdict.findings.first
        #expect(finding?.severity == .inconclusive && finding?.remedy.contains("--queries 9") == true)
        #expect(evidence(finding, "first_hop") == .count(3) && evidence(finding, "share_ratio") == .number(0.5))
        let once = (3_478...3_481).map { path($0, [right, right, $0 == 3_478 ? [46: 2, 8: 1] : right, right]) }
        #expect(self.verdict(once).findings.map(\.code) == [.dscpRemarkedForward], "one packet shows no habit")
    }

    @Test("A mark that is changed twice is found where it is changed first, and what becomes of it is told")
    func changedTwice() {
        let verdict = verdict([path(3_478, [right, [34: 3], [34: 3], bleached])])
        #expect(verdict.findings.map(\.code) == [.dscpRemarkedForward])
        #expect(verdict.findings.first?.summary.contains("0 is seen further on") == true)
    }

    @Test("Part of the packets")
    func partly() {
        let verdict = verdict([path(3_478, [right, [46: 2, 0: 1], [46: 1, 0: 2]])])
        #expect(evidence(verdict.findings.first, "share_ratio") == .number(0.5))
        #expect(evidence(verdict.findings.first, "last_hop") == .count(1))
    }

    @Test("A port that ends where others go on is blocked only if hops beyond answer nearly everything")
    func blocked() {
        let dead = path(3_481, [right, right, [:], [:], [:]], end: .silent(after: 2))
        let good = verdict([path(3_478, [right, right, right, right, right]), dead])
        #expect(good.findings.map(\.code) == [.pathPortBlockedAtHop])
        #expect(evidence(good.findings.first, "next_hop") == .count(3))
        #expect(good.grade == .notReady)
        let limited = verdict([path(3_478, [right, right, [46: 1], [46: 1], right]), dead])
        #expect(evidence(limited.findings.first, "next_hop") == .count(5))
        let allLimited = verdict([path(3_478, [right, right, [46: 1], [46: 1], [46: 1]]), dead])
        #expect(allLimited.findings.map(\.code).first == .pathEndsAtHop)
        #expect(allLimited.grade == .inconclusive)
    }

    @Test("Where nobody gets further nothing can be said")
    func endless() {
        let verdict = verdict([3_478, 3_479].map { path($0, [right, right], end: .silent(after: 2)) })
        #expect(verdict.findings.map(\.code) == [.pathEndsAtHop])
        #expect(verdict.grade == .inconclusive)
    }

    @Test("Ports on different ways")
    func ways() {
        let all = [right, right, right, right]
        let verdict = verdict([path(3_478, all), path(3_479, all, way: 1, from: 2), path(3_480, all, way: 1, from: 2)])
        let finding = verdict.findings.first
        #expect(verdict.findings.map(\.code) == [.pathDiffersByPort])
        #expect(evidence(finding, "first_hop") == .count(2) && evidence(finding, "hops") == .text("2, 3"))
        #expect(verdict.grade == .ready)
    }

    @Test("A hop is said to limit its reports by more than what hops beyond it lose as well")
    func limits() {
        let half = [46: 1]
        #expect(verdict([path(3_478, [half, right, right])]).findings.map(\.code) == [.pathHopLimitsReports])
        #expect(verdict([path(3_478, [half, half, half])]).findings.isEmpty)
        #expect(verdict([path(3_478, [[:], right, right])]).findings.map(\.code) == [.pathHopSilent])
    }

    @Test("Marks that could not be read are not guessed")
    func unknownMarks() {
        var unread = path(3_478, [[:], [:]])
        for index in unread.hops.indices { unread.hops[index].answered = 3 }
        #expect(verdict([unread], readsQuotes: false).grade == .inconclusive)
        let told = path(3_478, [[:], right])
        #expect(verdict([told], readsQuotes: false).findings.map(\.code).contains(.dscpHopsUnknown))
        #expect(verdict([told], readsQuotes: false).grade == .ready)
    }
}
