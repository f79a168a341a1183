import ArgumentParser

/// `linecheck doctor`: what this box can do, and what would make it better.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tells what this host can measure with, and how to better it."
    )

    func run() throws {}
}
