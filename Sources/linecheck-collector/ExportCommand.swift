import ArgumentParser
import Collector
import CollectorRequests
import CollectorStore
import Foundation
import Readiness
import Results
import Units

/// `linecheck-collector export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes results as CSV or JSON to standard output.",
        discussion: """
            By site, the oldest first, while they are read from the database: also as much as does not fit into memory. \
            Times are RFC 3339 in UTC, as 2026-11-30T08:00:00Z.
            """
    )

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case csv, json
    }

    @OptionGroup var store: StoreOptions
    @Option(help: "csv or json.") var format = Form.csv
    @Option(help: "Only of this site.") var site: String?
    @Option(help: ArgumentHelp("Only of checks from this moment on.", valueName: "time")) var from: String?
    @Option(help: ArgumentHelp("Only of checks before this moment.", valueName: "time")) var until: String?
    @Option(help: ArgumentHelp("Only so graded: ready, inconclusive, at_risk, not_ready.", valueName: "grade"))
    var grade: [String] = []

    func run() async throws {
        try await store.withStore { store, _ in
            if let site, try await store.site(site) == nil { throw StoreError.unknownSite(site) }
            let query = ResultQuery(
                site: site,
                from: try moment(from, "--from"),
                until: try moment(until, "--until"),
                grades: Set(try grade.map(grade))
            )
            let export = Export(store: store, query: query)
            let write: (String) async throws -> Void = { Terminal.write($0, to: STDOUT_FILENO) }
            switch format {
            case .csv: try await export.write(ResultCSV.self, write)
            case .json: try await export.write(ResultJSONList.self, write)
            }
        }
    }

    private func moment(_ text: String?, _ option: String) throws -> UTCTime? {
        guard let text else { return nil }
        guard let time = UTCTime(lenient: text) else {
            throw CommandFailure(
                status: ExitCode(64),
                message: "\(option): '\(text)' is not a time, as 2026-11-30T08:00:00Z"
            )
        }
        return time
    }

    private func grade(_ text: String) throws -> Grade {
        guard let grade = Grade(rawValue: text) else {
            let known = Grade.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(status: ExitCode(64), message: "--grade: '\(text)' is none of \(known)")
        }
        return grade
    }
}
