import Readiness
import Results
import Units

/// An audit of real media as text: the grade, marks by class and by host, what to do.
public enum AuditReport {
    /// Hosts that the table shows; a document has all of them.
    public static let hostRows = 20

    public static func render(_ document: AuditDocument, style: TextStyle) -> String {
        var page = Page(style: style)
        page.add(headlineOf: document)
        page.add(classesOf: document)
        page.add(hostsOf: document)
        page.add(findings: document.findings)
        page.add(captureOf: document)
        return page.text
    }
}

extension Page {
    fileprivate mutating func add(headlineOf document: AuditDocument) {
        let sentence =
            switch document.grade {
            case .ready: "Teams media carries the marks that it should."
            case .atRisk, .notReady: "Some Teams media does not carry the mark that it should."
            case .inconclusive: "This cannot say whether Teams media carries its marks."
            }
        var line = Line(document.grade.word, document.grade.emphasis)
        line.append("  " + sentence, .heading)
        add(line)
        add(blank: 1)
        add(paragraph: summary(document), indent: 2)
    }

    private func summary(_ document: AuditDocument) -> String {
        let place =
            document.source.interface.map { "captured on \($0)" }
            ?? "read from \((document.source.files ?? []).joined(separator: ", "))"
        let counts = "\(NumberText.count(document.packets.captured)) packets \(place), "
        let media = "\(NumberText.count(document.packets.media)) of them Teams media"
        guard let start = document.startedAt, let end = document.endedAt else { return counts + media + "." }
        let length = (end.instant - start.instant).text
        return counts + media + ", from \(start.secondText) on for \(length)."
    }

    // MARK: Classes

    fileprivate mutating func add(classesOf document: AuditDocument) {
        add(heading: "MEDIA")
        addCountsHead("class", width: 19, "DSCP")
        for mediaClass in document.classes {
            var line = Line("  ")
            line.cell("\(mediaClass.name) \(mediaClass.direction)", width: 19)
            line.cell(mediaClass.requiredDSCP.map { "\($0)" } ?? "any", width: 4, right: true)
            addCounts(mediaClass.counts, isRequired: mediaClass.requiredDSCP != nil, to: &line)
            line.append(marks(mediaClass.dscp).cut(to: 16))
            add(line)
        }
    }

    private mutating func addCountsHead(_ name: String, width: Int, _ second: String) {
        var line = Line("  ")
        line.cell(name, width: width, .faint)
        line.cell(second, width: second == "DSCP" ? 4 : 18, right: second == "DSCP", .faint)
        for (title, width) in [("packets", 11), ("marked", 7), ("wrong", 6), ("none", 6)] {
            line.cell(title, width: width, right: true, .faint)
        }
        line.append("seen", .faint)
        add(line)
    }

    private func addCounts(_ counts: AuditCounts, isRequired: Bool, to line: inout Line) {
        line.cell(NumberText.count(counts.packets), width: 11, right: true)
        func share(_ packets: Int) -> String {
            counts.packets == 0 ? "–" : FigureText.percent(Double(packets) / Double(counts.packets)) + " %"
        }
        line.cell(isRequired ? share(counts.marked) : "–", width: 7, right: true)
        line.cell(share(counts.wrong), width: 6, right: true, isRequired && counts.wrong > 0 ? .warning : .plain)
        line.cell(share(counts.unmarked), width: 6, right: true, isRequired && counts.unmarked > 0 ? .warning : .plain)
    }

    /// The values without their numbers, most frequent first.
    private func marks(_ packets: [String: Int]) -> String {
        packets.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.map(\.key)
            .joined(separator: ", ")
    }

    // MARK: Hosts

    fileprivate mutating func add(hostsOf document: AuditDocument) {
        guard !document.hosts.isEmpty else { return }
        add(heading: "HOSTS")
        addCountsHead("host", width: 15, "class")
        for host in document.hosts.prefix(AuditReport.hostRows) { add(host, name: host.address ?? "") }
        let hidden = document.hosts.count - AuditReport.hostRows
        if hidden > 0 {
            add(paragraph: "… and \(NumberText.count(hidden)) more; --format json has all of them.", indent: 2, .faint)
        }
        if let others = document.otherHosts { add(others, name: "all others") }
    }

    /// An IPv6 address has a line of its own.
    private mutating func add(_ host: AuditHost, name: String) {
        var name = name
        if name.count > 15 {
            add(Line("  " + name))
            name = ""
        }
        for mediaClass in host.classes {
            var line = Line("  ")
            line.cell(name, width: 15)
            line.cell("\(mediaClass.name) \(mediaClass.direction)", width: 18)
            addCounts(mediaClass.counts, isRequired: mediaClass.name != "unclassed", to: &line)
            line.append(mediaClass.marks.map { "\($0)" }.joined(separator: ",").cut(to: 10))
            add(line)
            name = ""
        }
    }

    // MARK: How it was seen

    fileprivate mutating func add(captureOf document: AuditDocument) {
        add(heading: "EVIDENCE")
        let packets = document.packets
        if let dropped = packets.dropped {
            let byInterface = packets.droppedByInterface.map { ", the interface \(NumberText.count($0))" } ?? ""
            add(paragraph: "The capture dropped \(NumberText.count(dropped)) packets\(byInterface).", indent: 2)
        }
        let others = packets.withoutUDP.sorted { $0.key < $1.key }
            .map { "\($0.key.replacing("_", with: " ")) \(NumberText.count($0.value))" }
        if !others.isEmpty { add(paragraph: "Without UDP: \(others.joined(separator: ", ")).", indent: 2) }
        let ecn = document.classes.flatMap(\.ecn).reduce(into: [String: Int]()) { $0[$1.key, default: 0] += $1.value }
        let congested = ecn["ce", default: 0]
        if ecn.contains(where: { $0.key != "not_ect" }) {
            add(
                paragraph:
                    "ECN, which is no part of the DSCP: \(NumberText.count(ecn["ect_0", default: 0])) packets ECT(0), "
                    + "\(NumberText.count(ecn["ect_1", default: 0])) ECT(1), \(NumberText.count(congested)) CE.",
                indent: 2
            )
        }
        let ranges = document.media.ranges.joined(separator: ", ")
        add(
            paragraph: "Media is UDP to or from port \(document.media.relayPorts)"
                + (ranges.isEmpty ? "." : " or \(ranges) (\(document.media.rangesSource))."),
            indent: 2
        )
        add(blank: 1)
        add(paragraph: "linecheck \(document.version) on \(document.agent)", .faint)
    }
}
