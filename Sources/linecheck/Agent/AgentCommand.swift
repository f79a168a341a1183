import Agent
import ArgumentParser
import Foundation
import LinuxNet
import ServiceLog
import Units

/// `linecheck agent`: checks on schedule, for ever.
struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Checks on schedule, keeps the results and delivers them to the collector.",
        subcommands: [AgentRunCommand.self, AgentStatusCommand.self],
        defaultSubcommand: AgentRunCommand.self
    )

    static let standardConfiguration = "/etc/linecheck/linecheck.yaml"
}

struct AgentRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the agent; what `linecheck agent` does where nothing else is said.",
        discussion: """
            Runs until SIGINT or SIGTERM, which end it within a second; a check that runs then is ended and reported \
            with what it has. SIGHUP reads the configuration anew: all of it, or, where it has faults, nothing.
            """
    )

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String = AgentCommand.standardConfiguration

    @Flag(help: "Only say whether the configuration is right, and when it would check; exit status 78 if it is not.")
    var checkConfig = false

    @Flag(name: [.short, .long], help: "Say nothing but what is wrong.")
    var quiet = false

    func run() throws {
        try reporting {
            let configuration = try CheckSettings.configuration(config)
            if checkConfig {
                try AgentService.requireWork(configuration, file: config)
                if !quiet { Terminal.write(ScheduleText.plan(configuration, file: config), to: STDOUT_FILENO) }
                return
            }
            // Before any other thread is.
            let signals = try systemCall { () throws(SystemError) in try Signals([SIGINT, SIGTERM, SIGHUP]) }
            let service = try AgentService(
                configuration,
                file: config,
                log: ServiceLog.make("linecheck.agent", quiet: quiet)
            )
            service.run(signals)
        }
    }
}

struct AgentStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how the agent on this host stands.",
        discussion: """
            Exit status: 0 all is well; 1 it runs, but results wait because they cannot be delivered or kept, checks \
            fail, or its configuration was refused; 2 it does not run.
            """
    )

    @Option(help: ArgumentHelp("Where the agent writes its state.", valueName: "file"))
    var file: String = "/run/linecheck/status.json"

    @Flag(help: "As JSON.")
    var json = false

    func run() throws {
        try reporting {
            let status = try read()
            guard let status else {
                Terminal.write("The agent does not run: there is no '\(file)'.\n", to: STDOUT_FILENO)
                throw ExitCode(2)
            }
            let now = SystemClock().wall()
            if json, let data = FileManager.default.contents(atPath: file) {
                Terminal.write(String(decoding: data, as: UTF8.self) + "\n", to: STDOUT_FILENO)
            } else {
                Terminal.write(AgentStatusText.render(status, now: now), to: STDOUT_FILENO)
            }
            let code = AgentStatusText.exitStatus(status, now: now)
            if code != 0 { throw ExitCode(code) }
        }
    }

    private func read() throws -> AgentStatus? {
        do throws(TextRefusal) {
            return try StateFile<AgentStatus>(path: file).read()
        } catch {
            throw CommandFailure(status: ExitStatus.dataError, message: error.description)
        }
    }
}
