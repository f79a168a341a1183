import Agent
import Capture
import LinuxNet
import Readiness
import Units

/// One stream of a check, as a capture finds it.
struct CapturedStream {
    /// Nil where its socket has none.
    var local: SocketAddress?
    var remote: SocketAddress
    var numbering: CapturedFlow.Numbering

    var flow: CapturedFlow? {
        local.map { local in
            CapturedFlow(
                local: .init(address: local.address, port: local.port),
                remote: .init(address: remote.address, port: remote.port),
                numbering: numbering
            )
        }
    }
}

/// What a check's captures brought home.
struct CaptureOutcome {
    var evidence: CaptureEvidence
    /// One for each interface.
    var logs: [CaptureLog]
}

/// The captures of one check, running from here until they are finished: one for each interface that its packets leave
/// by.
struct CheckCaptures {
    private var captures: [CheckCapture] = []
    private var unavailable: CaptureEvidence?
    private let families: Set<IPAddress.Family>

    /// What keeps a capture from being made is no reason not to check, but for an interface that was named and is not
    /// there.
    init(_ setting: CaptureSetting, of streams: [CapturedStream]) throws {
        families = Set(streams.map(\.remote.address.family))
        guard setting != .off else {
            unavailable = .off
            return
        }
        let flows = Self.flows(setting, streams)
        guard !flows.isEmpty else {
            unavailable = .unavailable(
                reason: "no interface of this host has the addresses that the packets leave from",
                remedy: "Name the interface with --capture NAME."
            )
            return
        }
        do throws(CaptureFailure) {
            for flow in flows { captures.append(try CheckCapture(interface: flow.interface, flows: flow.flows)) }
        } catch {
            captures = []
            unavailable = try Self.evidence(error, setting)
        }
    }

    /// By interface, in the order of the streams; each has a place for every stream.
    private static func flows(
        _ setting: CaptureSetting,
        _ streams: [CapturedStream]
    ) -> [(interface: String, flows: [CapturedFlow?])] {
        var found: [(interface: String, flows: [CapturedFlow?])] = []
        for (index, stream) in streams.enumerated() {
            guard let flow = stream.flow, let interface = interface(setting, stream) else { continue }
            let place = found.firstIndex { $0.interface == interface } ?? found.count
            if place == found.count { found.append((interface, Array(repeating: nil, count: streams.count))) }
            found[place].flows[index] = flow
        }
        return found
    }

    private static func interface(_ setting: CaptureSetting, _ stream: CapturedStream) -> String? {
        if case .interface(let name) = setting { return name }
        guard let local = stream.local else { return nil }
        return (try? InterfaceList.egress(from: local, to: stream.remote)) ?? nil
    }

    private static func evidence(_ failure: CaptureFailure, _ setting: CaptureSetting) throws -> CaptureEvidence {
        switch (failure, setting) {
        case (.noInterface, .interface):
            throw CommandFailure(status: ExitStatus.usage, message: failure.description)
        case (.notPermitted, _):
            return .unavailable(
                reason: failure.description,
                remedy: "Grant it once: \(CapturePermission.command), or run the check as root."
            )
        default:
            return .unavailable(
                reason: failure.description,
                remedy: "Name an interface that can be captured with --capture NAME, or turn it off with --capture off."
            )
        }
    }

    /// - Parameter mark: what the sockets were asked to send with.
    func finish(mark: DSCP) -> CaptureOutcome {
        if let unavailable { return CaptureOutcome(evidence: unavailable, logs: []) }
        let logs = captures.map { $0.finish() }
        let kept = families.map { SocketMark.kept(of: mark, family: $0) }
        let record = CaptureRecord(
            interfaces: logs.map(\.interface),
            packets: logs.reduce(0) { $0 + $1.packets },
            dropped: logs.reduce(0) { $0 + ($1.statistics?.dropped ?? 0) },
            socketMark: kept.first { $0 != mark } ?? mark,
            failure: logs.compactMap(\.failure).first?.description
        )
        return CaptureOutcome(evidence: .captured(record), logs: logs)
    }
}
