import ArgumentParser
import Glibc
import LinuxNet
import Units

/// `linecheck clock-witness`: tells a sandboxed agent of the clock. Started by its unit, not by people.
struct ClockWitnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock-witness",
        abstract: "Writes what the kernel says of this host's clock to a file, every 10 s.",
        discussion:
            "For an agent whose sandbox forbids the calls that concern the clock; linecheck-clock.service runs it.",
        shouldDisplay: false
    )

    @Option(help: ArgumentHelp("Where to write.", valueName: "file"))
    var file: String = ClockWitness.standardPath

    func run() throws {
        try reporting {
            let signals = try systemCall { () throws(SystemError) in try Signals([SIGINT, SIGTERM, SIGHUP]) }
            let manager = ServiceManager()
            try systemCall { () throws(SystemError) in try ClockWitness.write(to: file) }
            manager.ready(status: "writing \(file)")
            while signals.next(within: ClockWitness.interval) == nil {
                try systemCall { () throws(SystemError) in try ClockWitness.write(to: file) }
            }
            manager.stopping()
            unlink(file)
        }
    }
}
