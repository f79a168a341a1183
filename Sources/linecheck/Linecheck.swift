import ArgumentParser

@main
struct Linecheck: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "linecheck",
        abstract: "Proves whether this site's network can carry Microsoft Teams calls.",
        discussion: """
            On a host at the far end:   linecheck reflect
            At the site:                linecheck check --endpoint HOST
            """,
        version: version,
        subcommands: [
            CheckCommand.self, ReflectCommand.self, TraceCommand.self, DoctorCommand.self, ReportCommand.self,
            ClockWitnessCommand.self,
        ]
    )
}
