import ArgumentParser

@main
struct Linecheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linecheck",
        abstract: "Proves whether this site's network can carry Microsoft Teams calls."
    )
}
