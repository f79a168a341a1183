import ArgumentParser
import Foundation
import Readiness
import Report
import Results

/// `linecheck report`: renders a saved result again.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Renders a saved JSON result as text.",
        discussion: "Exit status as of check: 0 ready, 1 at risk, 2 not ready, 3 inconclusive."
    )

    @Argument(help: "The file that check --format json wrote; - is standard input.")
    var file: String

    @Option(help: ArgumentHelp("Where to write the report; - is standard output.", valueName: "file"))
    var output: String = "-"

    func run() throws {
        try reporting {
            let document = try document()
            let output = try ReportOutput(path: self.output)
            output.write(TextReport.render(document, style: TextStyle(color: output.wantsColor)))
            try output.finish()
            throw ExitCode(document.grade.exitStatus)
        }
    }

    private func document() throws -> ResultDocument {
        let data =
            file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
        guard let data else {
            throw CommandFailure(
                status: ExitStatus.noInput,
                message: "the result '\(file)' cannot be read: \(FileReason.current)"
            )
        }
        do {
            return try ResultDocument.decode(data)
        } catch {
            throw CommandFailure(status: ExitStatus.dataError, message: "the result '\(file)': \(error)")
        }
    }
}
