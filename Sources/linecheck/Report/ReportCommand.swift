import ArgumentParser
import Foundation
import Readiness
import Report
import Results

/// `linecheck report`: renders a saved result again.
struct ReportCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, html
    }

    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Renders a saved JSON result, or an assessment's verdict, as text or HTML; shows a result's packets.",
        discussion: """
            A result keeps the packets from 30 s before to 30 s after any 15 s that broke a bound, incident by \
            incident, as far as it has room for them:

              linecheck report result.json                           the report, which lists the incidents
              linecheck report result.json --packets                 a plot and a table of each
              linecheck report result.json --packets --incident 1 --only lost --rows 200
              linecheck report result.json --packets --packets-format csv
              linecheck report result.json --export worst.pcapng --incident 1

            CSV: one line for each packet; the first names the columns, with their units. pcapng: times are those \
            that were measured, to the microsecond; frame comments tell what became of each packet; interface 0 is \
            this host, interface 1 the far end, by this host's clock.

            Exit status as of check: 0 ready or GO, 1 at risk, 2 not ready or NO-GO, 3 inconclusive or \
            INSUFFICIENT.
            """
    )

    @Argument(help: "The file that check --format json or the agent wrote; - is standard input.")
    var file: String

    @Option(help: "What to write: text, or html (one file that needs no network).")
    var format: Format = .text

    @Option(help: ArgumentHelp("Where to write the report; - is standard output.", valueName: "file"))
    var output: String = "-"

    @OptionGroup(title: "Packets") var packets: PacketOptions

    func validate() throws {
        if format == .html, packets.isAskedFor {
            throw ValidationError(
                "--format html shows the packets of each incident anyway; leave out the options on packets."
            )
        }
    }

    func run() throws {
        try reporting {
            let document = try document()
            let output = try ReportOutput(path: self.output)
            let style = TextStyle(color: output.wantsColor, ascii: Terminal.showsOnlyASCII)
            output.write(try rendered(document, style))
            try output.finish()
            throw ExitCode(document.exitStatus)
        }
    }

    private func rendered(_ document: SavedDocument, _ style: TextStyle) throws -> String {
        switch document {
        case .assessment(let assessment):
            if packets.isAskedFor { throw Self.assessmentHasNoPackets }
            return format == .html ? HTMLReport.render(assessment) : AssessmentReport.render(assessment, style: style)
        case .result(let result):
            return format == .html ? HTMLReport.render(result) : try text(result, style: style)
        }
    }

    /// The report, or the packets where these are asked for.
    private func text(_ result: ResultDocument, style: TextStyle) throws -> String {
        guard packets.isAskedFor else { return TextReport.render(result, style: style) }
        let records = try packets.records(of: result)
        try packets.writeExport(records)
        return packets.packets ? packets.text(result, records, style: style) : ""
    }

    private static let assessmentHasNoPackets = CommandFailure(
        status: ExitStatus.dataError,
        message: "there are no packets to show: this is an assessment's verdict; the results that it names have them"
    )

    private func document() throws -> SavedDocument {
        let data =
            file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
        guard let data else {
            throw CommandFailure(
                status: ExitStatus.noInput,
                message: "the result '\(file)' cannot be read: \(FileReason.current)"
            )
        }
        do {
            return try SavedDocument(data)
        } catch {
            throw CommandFailure(status: ExitStatus.dataError, message: "the result '\(file)': \(error)")
        }
    }
}

extension SavedDocument {
    fileprivate var exitStatus: Int32 {
        switch self {
        case .result(let result): result.grade.exitStatus
        case .assessment(let assessment): assessment.verdict.exitStatus
        }
    }
}
