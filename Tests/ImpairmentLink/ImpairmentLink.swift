import ArgumentParser
import CImpairmentLink
import Foundation
import Units

/// Joins two interfaces into one path of known truth.
@main
struct ImpairmentLink: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impairment-link",
        abstract: "An Ethernet bridge that delays, loses, copies, reorders and remarks UDP, and logs what it did.",
        discussion: """
            A SPEC is a list such as delay=30ms,jitter=uniform:4ms,order=keep,loss=0.5%,burst=1%:30%,duplicate=1%,\
            reorder=1%:15ms,dscp=46>0@3479,block=3480,3481,icmp=3479:port-unreachable,outage=10s-12s,rate=2Mbit.
            jitter is uniform:WIDTH, normal:DEVIATION or exponential:MEAN; order is keep (the default) or free.
            """
    )

    @Option(help: "The interface towards the site.")
    var siteInterface: String

    @Option(help: "The interface towards the far end.")
    var farInterface: String

    @Option(help: "What happens to UDP from the site to the far end.", transform: spec)
    var forward = ImpairmentSpec()

    @Option(help: "What happens to UDP from the far end to the site.", transform: spec)
    var reverse = ImpairmentSpec()

    @Option(help: "Seeds every choice that is left to chance.")
    var seed: UInt64 = 1

    @Option(help: "Where the log goes when the link is stopped by SIGTERM or SIGINT.")
    var log: String

    func run() throws {
        let termination = link_open_termination_descriptor()
        guard termination >= 0 else { throw LinkFailure.system("signalfd") }
        var bridge = try Bridge(
            siteInterface: siteInterface,
            farInterface: farInterface,
            forward: DirectionPolicy(direction: .forward, spec: forward, seed: seed),
            reverse: DirectionPolicy(direction: .reverse, spec: reverse, seed: seed)
        )
        let isPunctual = RealTime.becomePunctual()
        FileHandle.standardOutput.write(Data("ready\n".utf8))
        try bridge.run(until: termination)
        try bridge.log.write(to: log)
        let summary = "\(bridge.faults.summary) realtime_scheduling=\(isPunctual)\n"
        FileHandle.standardError.write(Data(summary.utf8))
        guard bridge.faults.logIsComplete else { throw LinkFailure("the log is not the whole truth") }
    }

    @Sendable
    private static func spec(_ text: String) throws -> ImpairmentSpec { try ImpairmentSpec(text: text) }
}
