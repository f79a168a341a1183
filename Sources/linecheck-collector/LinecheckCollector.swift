import ArgumentParser

@main
struct LinecheckCollector: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "linecheck-collector",
        abstract: "Collects the results of every site's agent, and shows which sites can carry Microsoft Teams calls.",
        discussion: """
            Enrol a site, and hand its agent the token:   linecheck-collector site add NAME
            Let somebody read beyond this host:           linecheck-collector reader add NAME
            Start:                                        linecheck-collector serve

            Results lie in one SQLite file, or in PostgreSQL (--database postgres://…). To back up SQLite while the \
            collector runs: sqlite3 collector.sqlite '.backup copy.sqlite'; PostgreSQL: pg_dump. To restore, put the \
            copy in the place of the database and of the -wal and -shm beside it while no collector runs. Tokens are in it as digests: agents go on with \
            what they have. What an agent was told is stored, it does not send again, so that a restored backup lacks \
            what came after it.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, SiteCommand.self, ReaderCommand.self, ExportCommand.self, CheckConfigCommand.self,
            LoadCommand.self,
        ]
    )
}
