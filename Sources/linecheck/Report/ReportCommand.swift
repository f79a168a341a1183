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
        abstract: "Renders a saved JSON result, or an assessment's verdict, as text or HTML.",
        discussion: """
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

    func run() throws {
        try reporting {
            let document = try document()
            let output = try ReportOutput(path: self.output)
            output.write(rendered(document, TextStyle(color: output.wantsColor)))
            try output.finish()
            throw ExitCode(document.exitStatus)
        }
    }

    private func rendered(_ document: SavedDocument, _ style: TextStyle) -> String {
        switch (document, format) {
        case (.result(let result), .text): TextReport.render(result, style: style)
        case (.result(let result), .html): HTMLReport.render(result)
        case (.assessment(let assessment), .text): AssessmentReport.render(assessment, style: style)
        case (.assessment(let assessment), .html): HTMLReport.render(assessment)
        }
    }

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
