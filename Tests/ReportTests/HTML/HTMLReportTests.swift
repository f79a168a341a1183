import Foundation
import Readiness
import Report
import Results
import Testing

@testable import SampleChecks

@Suite("Results as a page")
struct HTMLReportTests {
    @Test func areValidAndReadableByKeyboardAndEar() throws {
        let pages =
            SampleDocuments.all.map { ($0.name, HTMLReport.render($0.document)) }
            + SampleAssessments.all.map { ($0.name, HTMLReport.render($0.document)) }
        #expect(try PageExamination.problems(pages) == "")
    }

    @Test func needNothingFromAnywhere() {
        for (name, document) in SampleDocuments.all {
            let page = HTMLReport.render(document)
            #expect(!page.contains("http-equiv=\"refresh\""), "\(name)")
            #expect(!page.contains("url("), "\(name)")
            #expect(!page.contains("<link"), "\(name)")
            #expect(!page.contains(" style="), "\(name)")
        }
    }

    @Test(arguments: SampleDocuments.all.map(\.name))
    func sayWhatTheTextSays(_ name: String) throws {
        let document = try #require(SampleDocuments.all.first { $0.name == name }).document
        let page = HTMLReport.render(document)
        for finding in document.findings {
            #expect(page.contains(escaped(finding.summary)))
            #expect(page.contains(escaped(finding.remedy)))
            #expect(page.contains(finding.code))
        }
        for criterion in document.criteria {
            if let settle = criterion.settle { #expect(page.contains(escaped(settle))) }
        }
        #expect(page.contains(document.id))
    }

    @Test(arguments: SampleAssessments.all.map(\.name))
    func certifyWhatTheyRestOnAndWhatTheyDoNot(_ name: String) throws {
        let document = try #require(SampleAssessments.all.first { $0.name == name }).document
        let page = HTMLReport.render(document)
        for outcome in document.outcomes { #expect(page.contains(escaped(outcome.summary))) }
        for sentence in document.untested.prefix(6) { #expect(page.contains(escaped(sentence))) }
        #expect(page.contains("For the network"))
        #expect(page.contains(document.id))
        // What does not fit is counted.
        #expect(page.contains("in the assessment itself") == (name == "crowded" || document.findings.count > 5))
    }

    @Test func drawIncidentsAndSayWhatTheyShow() {
        let page = HTMLReport.render(SampleIncidents.document)
        #expect(page.contains("3,000 packets forward: 20 lost, median delay"))
        #expect(page.contains("3,000 packets reverse: 2 lost"))
        #expect(page.contains("2.67 % lost forward, not below the limit of 1 %"))
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("'", with: "&#39;").replacing("\"", with: "&quot;")
            .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Size stands for cost: what is written per finding and per port does not depend on how many there are.
    @Test func growWithWhatTheyShowAndNotFaster() {
        var document = SampleDocuments.document(SampleDocuments.everythingWrong)
        let findings = document.findings
        let sizes = [10, 20, 40].map { times in
            document.findings = Array(repeating: findings, count: times).flatMap(\.self)
            return HTMLReport.render(document).utf8.count
        }
        #expect(sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0]))
    }
}

@Suite("Results of a hostile agent")
struct HostileResultTests {
    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func changeNothingOfAPageButItsTexts(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        var pairs: [(name: String, plain: String, hostile: String)] = []
        for (name, document) in SampleDocuments.all {
            let rewriting = try HostileTexts(try document.encoded()) { _ = try ResultDocument.decode($0) }
            func page(_ text: (Int) -> String) throws -> String {
                HTMLReport.render(try ResultDocument.decode(try rewriting.rewritten(text)))
            }
            let texts = (0..<2_000).map { HostileTexts.hostile($0, &generator) }
            pairs.append((name, try page { "x\($0)" }, try page { texts[$0] }))
        }
        #expect(pairs.contains { $0.hostile.contains("&lt;/script&gt;") })
        #expect(try PageExamination.problems(pairs: pairs) == "")
    }

    @Test(arguments: 4...5 as ClosedRange<UInt64>)
    func changeNothingOfACertificateButItsTexts(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        let texts = (0..<2_000).map { HostileTexts.hostile($0, &generator) }
        let pairs = try SampleAssessments.all.map { name, document in
            let rewriting = try HostileTexts(try document.encoded()) { _ = try AssessmentDocument.decode($0) }
            func page(_ text: (Int) -> String) throws -> String {
                HTMLReport.render(try AssessmentDocument.decode(try rewriting.rewritten(text)))
            }
            return (name, try page { "x\($0)" }, try page { texts[$0] })
        }
        #expect(try PageExamination.problems(pairs: pairs) == "")
    }

    /// Numbers that no measurement gives, and lists shorter than they should be.
    @Test func doNotStopARendering() throws {
        var document = SampleDocuments.document(SampleDocuments.everythingWrong)
        for index in document.criteria.indices {
            document.criteria[index].value = [1e308, -1e308, 0, 1e-300][index % 4]
            document.criteria[index].interval = [[], [1], [2, 1], [-1e308, 1e308]][index % 4]
            document.criteria[index].limit = [0, -1, 1e308, nil][index % 4]
        }
        for index in document.streams.indices {
            document.streams[index].packets.sent = .max
            document.streams[index].packets.received = .min
            document.streams[index].forward?.dscp = ["": .max, "46": .max, "-1": -5]
            document.streams[index].forward?.loss?.lost = .max
        }
        document.dscp.egress = ["46": .max, "0": .max, "999": .min]
        document.durationSeconds = 1e308
        #expect(try PageExamination.problems([("absurd", HTMLReport.render(document))]) == "")
    }
}

/// SplitMix64.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
