import Foundation
import Report
import Results
import Statistics
import Testing
import Units

@testable import SampleChecks

@Suite("An incident packet by packet")
struct PacketReportTests {
    private static var document: ResultDocument { SampleIncidents.document }
    private static var records: [IncidentRecord] { IncidentRecord.all(of: document).records }

    private static func lines(
        _ filter: PacketFilter = .notable,
        rows: Int = 40,
        style: TextStyle = TextStyle(color: false)
    ) -> [String] {
        PacketReport.render(document, records, filter: filter, rows: rows, style: style)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("fits 80 columns, with colour and without, and in ASCII")
    func layout() {
        for style in [TextStyle(color: false), TextStyle(color: false, ascii: true)] {
            for line in Self.lines(.all, rows: 500, style: style) { #expect(line.count <= 80, "\(line)") }
        }
        let ascii = Self.lines(style: TextStyle(color: false, ascii: true))
        let plots = ascii.filter { $0.contains("|") || $0.contains("^") || $0.contains("+--") }
        #expect(plots.count > 40)
        let others = plots.joined().filter { !$0.isASCII }
        #expect(others.isEmpty)
        let colored = Self.lines(style: TextStyle(color: true)).joined(separator: "\n")
        let stripped = colored.replacing(/\u{1b}\[[0-9;]*m/, with: "").replacing(/[ ]+\n/, with: "\n")
        #expect(colored.contains("\u{1b}[") && stripped == Self.lines().joined(separator: "\n"))
    }

    @Test("plots delay where it was, bounds where they are, and losses where they happened")
    func plot() throws {
        let lines = Self.lines()
        let title = try #require(lines.firstIndex { $0.hasPrefix("  forward delay, ms (target 50, limit 100)") })
        let plot = lines[(title + 1)...].prefix(10).map { Array($0) }
        // 82 ms and more in the 1.5 s from 32 s of 60 on: of 64 columns the 35th and the 36th.
        let high = try #require(plot.first { $0.contains("●") || $0.contains("│") })
        #expect(String(high.prefix(9)).contains("80") || String(high.prefix(9)).contains("77"))
        #expect(high[9 + 34] == "●" || high[9 + 35] == "●")
        let low = try #require(plot.first { $0.count { $0 == "●" } > 60 })
        #expect(String(low.prefix(8)).trimmingCharacters(in: .whitespaces).hasPrefix("1"))
        #expect(plot.contains { String($0).contains("50 ┤┄") && String($0).hasSuffix("target") })
        // Twenty at 30 s: ten or more in a column are a #.
        let lost = Array(lines[title + 12])
        #expect(String(lost.prefix(9)).contains("lost") && lost[9 + 32] == "#" && lost.count { $0 == "#" } == 1)
        let reverse = try #require(lines.firstIndex { $0.hasPrefix("  reverse delay, ms") })
        #expect(Array(lines[reverse + 12])[9 + 32] == "2")
    }

    @Test("the table has what is asked for, and says what it leaves out")
    func table() {
        func rows(_ filter: PacketFilter) -> Int {
            PacketCSV.text([Self.records[0]], filter: filter).split(separator: "\n").count - 1
        }
        #expect(rows(.all) == 3_000)
        #expect(rows(.lost) == 22)
        #expect(rows(.slow) == 75)
        #expect(rows(.disordered) == 2)
        // One more, whose reply came back with another mark.
        #expect(rows(.notable) == 22 + 75 + 2 + 1)
        let lines = Self.lines(rows: 5)
        #expect(lines.count { $0.contains("lost forward") && $0.contains("–/–") } == 5)
        #expect(lines.contains { $0.contains("95 more such packets; --rows 100") })
        #expect(Self.lines(.lost).contains { $0.contains("… 10 more, round trip 23.") })
    }

    @Test("an uncertain incident is not told as a fact")
    func unproven() {
        let text = Self.lines().joined(separator: " ").replacing(/[ ]+/, with: " ")
        #expect(text.contains("though it may be anything from 12.4 to 101.8 ms"))
        #expect(text.contains("bounded by the round trip, right to within ± 44.7 ms"))
        let report = TextReport.render(Self.document, style: TextStyle(color: false))
        #expect(report.contains("INCIDENTS") && report.contains("linecheck report --packets"))
        #expect(report.contains("1. Port 3478: "))
    }

    @Test("a result without incidents says nothing of any")
    func none() {
        let report = TextReport.render(SampleDocuments.document(SampleDocuments.ready), style: TextStyle(color: false))
        #expect(!report.contains("INCIDENT") && !report.contains("--packets"))
    }

    @Test("a record that cannot be read is counted, and the others are shown")
    func unreadable() throws {
        var document = Self.document
        document.incidents?[0].packets?.data = "TENQAg=="
        let (records, refused) = IncidentRecord.all(of: document)
        #expect(records.map(\.number) == [2])
        #expect(refused == [.wrongVersion: 1])
    }

    @Test("CSV has a line for each packet under the names of its columns, with all its digits")
    func csv() throws {
        let lines = PacketCSV.text(Self.records).split(separator: "\n")
        #expect(lines.count == 1 + 3_000 + 500)
        #expect(lines[0] == PacketCSV.columns.joined(separator: ",")[...])
        let fields = lines[1 + 1_541].split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields.count == PacketCSV.columns.count)
        let row = Dictionary(uniqueKeysWithValues: zip(PacketCSV.columns, fields.map(String.init)))
        #expect(row["sequence"] == "1566" && row["fate"] == "answered" && row["duplicated"] == "reverse")
        #expect(row["local_address"] == "192.0.2.77" && row["local_port"] == "49152" && row["port"] == "3478")
        #expect(row["forward_ms"] == "12.328000" && row["far_stay_ms"] == "0.040000")
        #expect(row["one_way_uncertainty_ms"] == "0.44" && row["dscp_far_end"] == "46")
        #expect(row["sent_unix_ns"]?.hasSuffix("000") == true)
    }

    /// Walks the file by the lengths of its blocks (draft-ietf-opsawg-pcapng §3.1).
    @Test("pcapng is whole blocks: a section, two interfaces, and each packet where it was seen")
    func pcapng() {
        let octets = PacketCapture.octets([Self.records[0]], version: "0.1.0")
        func number(_ place: Int) -> UInt32 {
            octets[place..<(place + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        var place = 0
        var blocks: [UInt32: Int] = [:]
        var perInterface: [UInt32: Int] = [:]
        while place + 12 <= octets.count {
            let length = Int(number(place + 4))
            guard length >= 12, place + length <= octets.count else { break }
            #expect(number(place + length - 4) == UInt32(length))
            blocks[number(place), default: 0] += 1
            if number(place) == 6 { perInterface[number(place + 8), default: 0] += 1 }
            place += length
        }
        #expect(place == octets.count)
        #expect(blocks == [0x0a0d_0d0a: 1, 1: 2, 6: 3_000 + 3 * 2_978])
        // Requests and replies here; both again there, but for what did not get there and back.
        #expect(perInterface == [0: 3_000 + 2_978, 1: 2 * 2_978])
    }
}
