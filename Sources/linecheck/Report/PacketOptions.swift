import Agent
import ArgumentParser
import Foundation
import Report
import Results
import Settings

/// What `linecheck report` shows of the packets that a result kept around its incidents.
struct PacketOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, csv
    }

    @Flag(help: "Show the packets kept around the incidents, in place of the report: a plot and a table.")
    var packets = false

    @Option(
        help: ArgumentHelp(
            "Only the incident of this number, as the report lists them: 1 is the worst (default: all).",
            valueName: "number"
        ),
        transform: { text in try SettingText.integer(text, within: 1...1_000) }
    )
    var incident: Int?

    @Option(
        help: ArgumentHelp(
            "Which packets: notable (whatever did not simply arrive), lost, slow, disordered or all (default: notable "
                + "as text, all as CSV).",
            valueName: "kind"
        )
    )
    var only: PacketFilter?

    @Option(
        help: ArgumentHelp("The most packets of the table of one incident; 0 for the plot alone.", valueName: "number"),
        transform: { text in try SettingText.integer(text, within: 0...1_000_000) }
    )
    var rows: Int = 40

    @Option(help: "How to show packets: text, or csv with a line for each packet.")
    var packetsFormat: Format = .text

    @Option(
        help: ArgumentHelp(
            "Write the packets to a file as well: FILE.csv, or FILE.pcapng for Wireshark and the like, with packets put "
                + "together again from what was recorded. Lost ones are there only where they were sent.",
            valueName: "file"
        )
    )
    var export: String?

    var isAskedFor: Bool { packets || export != nil }

    func validate() throws {
        if incident != nil || only != nil, !isAskedFor {
            throw ValidationError("--incident and --only go with --packets or --export.")
        }
        if packetsFormat == .csv, !packets { throw ValidationError("--packets-format goes with --packets.") }
        if let export, exportKind == nil {
            throw ValidationError("--export '\(export)': the file's name must end in .csv or .pcapng.")
        }
    }

    // MARK: What is chosen

    /// - Throws: ``CommandFailure`` where the result has no packets, or not of the incident asked for.
    func records(of document: ResultDocument) throws -> [IncidentRecord] {
        let (all, refused) = IncidentRecord.all(of: document)
        for (reason, count) in refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            Terminal.error("\(count) packet record\(count == 1 ? "" : "s") of the result cannot be read: \(reason)")
        }
        let listed = document.incidents?.count ?? 0
        guard listed > 0 else { throw Self.nothing("no window of 15 s broke a bound, so no packets were kept") }
        guard let incident else {
            guard !all.isEmpty else { throw Self.nothing("its \(listed) incidents have no packets that can be read") }
            return all
        }
        guard incident <= listed else {
            throw Self.nothing("it has \(listed) incident\(listed == 1 ? "" : "s"), and no number \(incident)")
        }
        let chosen = all.filter { $0.number == incident }
        guard !chosen.isEmpty else { throw Self.nothing("incident \(incident) has no packets that can be read") }
        return chosen
    }

    private static func nothing(_ reason: String) -> CommandFailure {
        CommandFailure(status: ExitStatus.dataError, message: "there are no packets to show: \(reason)")
    }

    func text(_ document: ResultDocument, _ records: [IncidentRecord], style: TextStyle) -> String {
        switch packetsFormat {
        case .text:
            PacketReport.render(document, records, filter: only ?? .notable, rows: rows, style: style)
        case .csv: PacketCSV.text(records, filter: only ?? .all)
        }
    }

    // MARK: Files

    private enum ExportKind: String {
        case csv, pcapng
    }

    private var exportKind: ExportKind? {
        export.flatMap { ExportKind(rawValue: ($0 as NSString).pathExtension.lowercased()) }
    }

    func writeExport(_ records: [IncidentRecord]) throws {
        guard let export, let exportKind else { return }
        let output = try ReportOutput(path: export)
        switch exportKind {
        case .csv: output.write(PacketCSV.text(records, filter: only ?? .all))
        case .pcapng: output.write(octets: PacketCapture.octets(records, version: Linecheck.version))
        }
        try output.finish()
        let count = records.reduce(0) { $0 + $1.packets.count }
        Terminal.error(
            "\(count) packets of \(records.count) incident\(records.count == 1 ? "" : "s") are in '\(export)'"
        )
    }
}

extension PacketFilter: ExpressibleByArgument {}
