import Readiness
import Report
import Results
import Statistics
import Testing
import Units

@testable import SampleChecks

@Suite("The layout of a report")
struct LayoutTests {
    static func lines(_ document: ResultDocument, _ style: TextStyle = TextStyle(color: false)) -> [Substring] {
        TextReport.render(document, style: style).split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test("no line is wider than 80 columns, and none ends in a space", arguments: SampleDocuments.all.map(\.name))
    func width(name: String) throws {
        let document = try #require(SampleDocuments.all.first { $0.name == name }?.document)
        for line in Self.lines(document) {
            #expect(line.count <= 80, "\(line)")
            #expect(line.last != " ", "\(line)")
        }
    }

    /// Names and numbers as long as they come.
    @Test("nor is one when everything is long")
    func stress() {
        var check = SampleDocuments.twoEndpoints
        check.endpoints[0].name = "stamp://" + String(repeating: "very-long-name.", count: 16) + "example.net:3478-3481"
        for index in check.endpoints[0].streams.indices {
            check.endpoints[0].streams[index].sent = 123_456_789
            check.endpoints[0].streams[index].forwardLost = 12_345_678
            check.endpoints[0].streams[index].forwardDelay = 1_234_567.891
            check.endpoints[0].streams[index].forwardJitter = 98_765.432_1
            check.endpoints[0].streams[index].port = 65_000 + UInt16(index) * 2
        }
        check.endpoints[1].streams[0].port = 65_535
        check.endpoints[1].streams[0].reverseDelay = 654_321.9
        // The binomial sum of the samples would take its time over so many packets.
        check.endpoints[0].burstRatio = 1e5
        var document = SampleDocuments.document(check)
        document.site = String(repeating: "Llanfairpwllgwyngyll", count: 8)
        for index in document.criteria.indices { document.criteria[index].direction = "sideways and back again" }
        document.agent = "a b " + String(repeating: "c", count: 200)
        for width in [20, 40, 80, 120] {
            let widest = Self.lines(document, TextStyle(color: false, width: width)).map(\.count).max() ?? 0
            #expect(widest <= max(width, 80))
        }
        #expect(Self.lines(document).allSatisfy { $0.count <= 80 })
    }

    @Test("colour is there when asked for, and changes nothing but itself", arguments: SampleDocuments.all.map(\.name))
    func color(name: String) throws {
        let document = try #require(SampleDocuments.all.first { $0.name == name }?.document)
        let plain = TextReport.render(document, style: TextStyle(color: false))
        let colored = TextReport.render(document, style: TextStyle(color: true))
        #expect(!plain.contains("\u{1b}"))
        #expect(colored.contains("\u{1b}["))
        let stripped = colored.replacing(/\u{1b}\[[0-9;]*m/, with: "").replacing(/[ ]+\n/, with: "\n")
        #expect(stripped == plain)
    }

    @Test("the first words are the grade")
    func headline() {
        func first(_ check: SampleCheck) -> Substring? { Self.lines(SampleDocuments.document(check)).first }
        #expect(first(SampleDocuments.ready) == "READY  Calls can go live at dublin.")
        #expect(first(SampleDocuments.blockedPort) == "NOT READY  Calls must not go live at dublin yet.")
        #expect(first(SampleDocuments.inconclusive) == "INCONCLUSIVE  This check cannot say whether dublin is ready.")
        let risky = SampleCheck.of { $0.streams[0].forwardJitter = 12 }
        #expect(first(risky) == "AT RISK  Calls at dublin would suffer at times.")
    }

    @Test(
        "every criterion, finding and remedy of the document stands in it",
        arguments: SampleDocuments.all.map(\.name)
    )
    func complete(name: String) throws {
        let document = try #require(SampleDocuments.all.first { $0.name == name }?.document)
        let text = TextReport.render(document, style: TextStyle(color: false)).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        for finding in document.findings {
            #expect(text.contains(finding.code))
            #expect(text.contains(finding.summary))
            #expect(text.contains(finding.remedy))
        }
        for settle in document.criteria.compactMap(\.settle) { #expect(text.contains(settle)) }
    }

    @Test("a saved result is rendered as it was when it was new")
    func saved() throws {
        let document = SampleDocuments.document(SampleDocuments.everythingWrong)
        let saved = try ResultDocument.decode(document.encoded())
        let style = TextStyle(color: true)
        #expect(TextReport.render(saved, style: style) == TextReport.render(document, style: style))
    }

    @Test("a result cannot speak to the terminal")
    func harmless() {
        var document = SampleDocuments.document(SampleDocuments.everythingWrong)
        document.site = "dub\u{1b}]0;owned\u{07}lin\u{202e}"
        document.findings[0].summary = "all \u{1b}[2J\r\u{9b}31m well"
        document.criteria[0].endpoint = "stamp://a\u{1b}[1m"
        let text = TextReport.render(document, style: TextStyle(color: false))
        let dangerous = text.unicodeScalars.filter {
            $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.generalCategory == .format)
        }
        #expect(dangerous.isEmpty)
    }

    @Test("where the round trip decided, it is said")
    func roundTripDecided() {
        let check = SampleCheck.of {
            $0.method = .roundTripBounded
            $0.worseDelay = 45...91
            $0.roundTrip = 89...91
        }
        let lines = Self.lines(SampleDocuments.document(check))
        #expect(lines.contains("                  decided by the round trip: 90 ms at p95"))
    }

    @Test("with several endpoints each has its own part of the table")
    func endpoints() {
        let lines = Self.lines(SampleDocuments.document(SampleDocuments.twoEndpoints))
        #expect(lines.contains("  stamp://[2001:db8::53]:862"))
        #expect(lines.filter { $0.hasPrefix("  loss ") }.count == 2)
    }
}
