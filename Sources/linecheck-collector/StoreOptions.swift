import ArgumentParser
import Collector
import CollectorStore
import Foundation
import LinuxNet
import Results
import Settings
import Units

/// Which configuration, and which database.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration file. Default: \(CollectorConfiguration.standardFile), if it is there.",
            valueName: "file"
        )
    )
    var config: String?

    @Option(
        help: ArgumentHelp("In the place of the configuration's: a file of SQLite, or postgres://….", valueName: "url")
    )
    var database: String?

    func configuration() throws -> CollectorConfiguration {
        var configuration = try read()
        if let database {
            let whole = database.contains("://") || database.hasPrefix("/")
            let text = whole ? database : FileManager.default.currentDirectoryPath + "/" + database
            do throws(TextRefusal) {
                configuration.database = try CollectorConfiguration.database(text)
            } catch {
                throw CommandFailure(status: ExitStatus.configuration, message: "--database: \(error)")
            }
        }
        return configuration
    }

    private func read() throws -> CollectorConfiguration {
        let file = config ?? CollectorConfiguration.standardFile
        if config == nil, !FileManager.default.fileExists(atPath: file) { return CollectorConfiguration() }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure(status: ExitStatus.noInput, message: "'\(file)' cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure(status: ExitStatus.configuration, message: "'\(file)' is not UTF-8")
        }
        do throws(ConfigurationError) {
            return try CollectorConfiguration(yaml: text, file: file)
        } catch {
            throw CommandFailure(status: ExitStatus.configuration, message: "the configuration is refused:\n\(error)")
        }
    }

    /// Runs the body with the store open, and turns what fails into a message and an exit status.
    func withStore(_ body: (any ResultStore, CollectorConfiguration) async throws -> Void) async throws {
        try await reporting {
            let configuration = try configuration()
            let store = try await SQLStore.open(configuration.database)
            do {
                try await body(store, configuration)
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        }
    }

    static var now: UTCTime { UTCTime(SystemClock().wall()) }
}

/// Tells a failure on standard error; it becomes the exit status.
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as CommandFailure {
        Terminal.error(failure.message)
        throw failure.status
    } catch let error as StoreError {
        Terminal.error("\(error)")
        throw ExitStatus.unavailable
    } catch let refusal as DocumentRefusal {
        Terminal.error("\(refusal)")
        throw ExitCode(64)
    } catch let refusal as TextRefusal {
        Terminal.error("\(refusal)")
        throw ExitStatus.configuration
    }
}
