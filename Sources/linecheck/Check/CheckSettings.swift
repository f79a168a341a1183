import Agent
import Foundation
import Readiness
import Results
import Units
import Wire

/// Everything a check needs to know, from the command line, the configuration and the defaults, in that order.
struct CheckSettings {
    var site: String
    var endpoints: [Endpoint]
    var duration: Nanoseconds
    var interval: Nanoseconds
    var payload: Int
    var dscp: DSCP
    var key: StampKey?
    var clockError: Nanoseconds?
    var profile: Profile
    var trigger: CheckDescription.Trigger
    /// Where Microsoft's media relays are.
    var ranges: MediaRanges
    var capture: CaptureSetting
    /// Judge the check in parts of this length, however short it is; nil leaves that to its length.
    var parts: Nanoseconds?
    /// Simultaneous calls to each endpoint; nil is one on each port.
    var calls: Int?
    /// The most calls that a search for the line's capacity may try; nil where none is wanted.
    var capacityUpTo: Int?
    /// Between two requests to one port of a server that is not ours.
    var relayInterval: Nanoseconds
    /// A port of the reflectors that is none of Teams', for comparison.
    var controlPort: UInt16?
    /// Try TCP and TLS to every endpoint.
    var triesFallback: Bool

    init(_ command: CheckCommand) throws {
        let file = try command.config.map(Self.configuration) ?? Configuration()
        let probe = command.probe.settings.overriding(file.probe)
        let codec = probe.codec ?? ProbeDefaults.codec
        site = command.site ?? file.site ?? Host.name
        endpoints = command.endpoint.isEmpty ? file.endpoints : command.endpoint
        duration = probe.duration ?? ProbeDefaults.duration
        interval = probe.interval ?? codec.interval
        payload = probe.payload ?? codec.payload
        dscp = probe.dscp ?? ProbeDefaults.dscp
        clockError = probe.clockError
        relayInterval = probe.relayInterval ?? ProbeDefaults.relayInterval
        controlPort = probe.controlPort
        triesFallback = probe.tcpFallback ?? false
        profile = file.profile
        parts = command.parts
        trigger = command.trigger
        ranges = try RangesSource.ranges(command.ranges.source ?? file.endpointsList)
        capture = command.capture ?? file.capture ?? .auto
        key = try probe.keyFile.map(KeyFile.read)
        switch command.calls {
        case .number(let number): calls = number
        case .auto: capacityUpTo = command.upTo ?? Self.defaultUpTo
        case nil: break
        }
        guard !endpoints.isEmpty else {
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "nothing to measure: name an endpoint with --endpoint HOST, or in a configuration file with "
                    + "--config FILE"
            )
        }
        guard duration >= interval * 2 else {
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "a duration of \(duration.text) holds fewer than two packets \(interval.text) apart"
            )
        }
        if command.continuous, !Schedule.pieces.contains(duration) {
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "--continuous judges pieces of \(Schedule.pieces.lowerBound.text) to "
                    + "\(Schedule.pieces.upperBound.text), not of \(duration.text): give another --duration"
            )
        }
        if let server = endpoints.first(where: { $0.scheme != .stamp }), duration < relayInterval * 2 {
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "a duration of \(duration.text) holds fewer than two requests to \(server), which are "
                    + "\(relayInterval.text) apart: measure longer, or give a shorter --relay-interval"
            )
        }
        try checkCalls()
    }

    /// About 8 Mbit/s each way with G.722.
    static let defaultUpTo = 100

    /// Every port is probed, so there are at least as many calls as ports; a capacity is one line's.
    private func checkCalls() throws {
        let ports = endpoints.map(\.ports.ports.count).max() ?? 0
        func refuse(_ message: String) -> CommandFailure { CommandFailure(status: ExitStatus.usage, message: message) }
        if calls != nil || capacityUpTo != nil, let server = endpoints.first(where: { $0.scheme != .stamp }) {
            throw refuse("--calls sends calls' packets to reflectors only: \(server) is somebody else's server")
        }
        if let calls, calls < ports {
            throw refuse("--calls \(calls) is fewer than the \(ports) ports, each of which is probed: name fewer ports")
        }
        guard let capacityUpTo else { return }
        guard capacityUpTo >= ports else {
            throw refuse("--up-to \(capacityUpTo) is fewer than the \(ports) ports, each of which is probed")
        }
        guard endpoints.count == 1 else {
            throw refuse("--calls auto measures one line: name one endpoint, not \(endpoints.count)")
        }
    }

    static func configuration(_ path: String) throws -> Configuration {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                status: ExitStatus.noInput,
                message: "the configuration file '\(path)' cannot be read: \(FileReason.current)"
            )
        }
        do {
            return try Configuration(yaml: String(decoding: data, as: UTF8.self), file: path)
        } catch {
            throw CommandFailure(status: ExitStatus.configuration, message: "\(error)")
        }
    }
}

/// A key of authenticated mode, in a file that only its owner should be able to read.
enum KeyFile {
    static func read(_ path: String) throws -> StampKey {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                status: ExitStatus.noInput,
                message: "the key file '\(path)' cannot be read: \(FileReason.current)"
            )
        }
        do throws(TextRefusal) {
            return try StampKey(text: String(decoding: data, as: UTF8.self))
        } catch {
            throw CommandFailure(status: ExitStatus.configuration, message: "the key file '\(path)': \(error)")
        }
    }
}

/// Why the latest file operation failed.
enum FileReason {
    static var current: String {
        let reason = errno
        return reason == 0 ? "it is not there or not a file" : String(cString: strerror(reason))
    }
}

/// This host.
enum Host {
    static var name: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0, bytes[0] != 0 else { return "localhost" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
