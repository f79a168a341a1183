import ArgumentParser
import Collector
import CollectorStore
import LinuxNet
import Results

/// `linecheck-collector reader`: who may read.
struct ReaderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reader",
        abstract: "Says who may see the pages and read the API.",
        subcommands: [ReaderAddCommand.self, ReaderListCommand.self, ReaderRevokeCommand.self]
    )
}

struct ReaderAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a reader and prints their token, once.",
        discussion: """
            The token is the password at the login page, and the bearer token for the API. A reader who is added again \
            gets a new token; the old one, and every login with it, end at once.
            """
    )

    @OptionGroup var store: StoreOptions
    @Argument(help: "Whom it is for: a person, or what reads the API.") var name: String

    func run() async throws {
        try await store.withStore { store, _ in
            try NameRules.check(site: name)
            let token = SecretToken(.reader)
            try await store.putReader(Reader(name: name, tokenDigest: token.digest, addedAt: StoreOptions.now))
            Terminal.print(token.text)
        }
    }
}

struct ReaderListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the readers.")

    @OptionGroup var store: StoreOptions

    func run() async throws {
        try await store.withStore { store, _ in
            let readers = try await store.readers()
            let rows = readers.map { [$0.name, SiteListCommand.short($0.addedAt)] }
            Terminal.print(rows.isEmpty ? "There is no reader." : TextTable.render([["READER", "ADDED"]] + rows))
        }
    }
}

struct ReaderRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Ends a reader's token and every login with it."
    )

    @OptionGroup var store: StoreOptions
    @Argument(help: "The reader's name.") var name: String

    func run() async throws {
        try await store.withStore { store, _ in
            guard try await store.removeReader(name) else {
                throw CommandFailure(status: ExitStatus.failure, message: "there is no reader '\(name)'")
            }
        }
    }
}
