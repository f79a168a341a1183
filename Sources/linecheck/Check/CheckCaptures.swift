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
/// by or its replies may come by.
struct CheckCaptures {
    private var captures: [(capture: CheckCapture, isNeeded: Bool)] = []
    private var unavailable: CaptureEvidence?
    private let families: Set<IPAddress.Family>
    private let mark: DSCP

    /// One interface, and the streams whose packets pass it.
    private struct Place {
        var interface: String
        /// Packets leave by it, so that without it nothing is proven.
        var isNeeded: Bool
        /// Each stream has its place.
        var flows: [CapturedFlow?]
    }

    /// What keeps a capture from being made is no reason not to check, but for an interface that was named and is not
    /// there.
    ///
    /// - Parameter mark: what the sockets were asked to send with.
    init(_ setting: CaptureSetting, of streams: [CapturedStream], mark: DSCP) throws {
        self.mark = mark
        families = Set(streams.map(\.remote.address.family))
        guard setting != .off else {
            unavailable = .off
            return
        }
        let places = Self.places(setting, streams, mark)
        guard places.contains(where: \.isNeeded) else {
            unavailable = .unavailable(
                reason: "the kernel does not tell which interface the packets leave by",
                remedy: "Name the interface with --capture NAME."
            )
            return
        }
        do throws(CaptureFailure) {
            for place in places where place.isNeeded {
                captures.append((try CheckCapture(interface: place.interface, flows: place.flows), true))
            }
        } catch {
            captures = []
            unavailable = try Self.evidence(error, setting)
            return
        }
        for place in places where !place.isNeeded {
            guard let capture = try? CheckCapture(interface: place.interface, flows: place.flows) else { continue }
            captures.append((capture, false))
        }
    }

    /// By interface, in the order of the streams.
    private static func places(_ setting: CaptureSetting, _ streams: [CapturedStream], _ mark: DSCP) -> [Place] {
        var found: [Place] = []
        for (index, interfaces) in zip(streams.indices, interfaces(setting, streams, mark)) {
            guard let interfaces, let flow = streams[index].flow else { continue }
            for (rank, name) in (interfaces.leaving + [interfaces.returning].compactMap(\.self)).enumerated() {
                // The kernel's choice; the others may be down.
                let isNeeded = rank == 0
                let place = found.firstIndex { $0.interface == name } ?? found.count
                if place == found.count {
                    let none = [CapturedFlow?](repeating: nil, count: streams.count)
                    found.append(Place(interface: name, isNeeded: isNeeded, flows: none))
                }
                found[place].flows[index] = flow
                found[place].isNeeded = found[place].isNeeded || isNeeded
            }
        }
        return found
    }

    /// By stream; nil where it cannot be told.
    private static func interfaces(
        _ setting: CaptureSetting,
        _ streams: [CapturedStream],
        _ mark: DSCP
    ) -> [FlowInterfaces?] {
        if case .interface(let name) = setting { return streams.map { _ in FlowInterfaces(leaving: [name]) } }
        guard var router = try? FlowRouter(dscp: mark) else { return streams.map { _ in nil } }
        var found: [FlowInterfaces?] = []
        for stream in streams {
            guard let local = stream.local else {
                found.append(nil)
                continue
            }
            found.append(try? router.interfaces(from: local, to: stream.remote))
        }
        return found
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

    func finish() -> CaptureOutcome {
        if let unavailable { return CaptureOutcome(evidence: unavailable, logs: []) }
        // An interface that replies might have come by and did not is not worth a word.
        let logs = captures.map { (log: $0.capture.finish(), isNeeded: $0.isNeeded) }
            .filter { $0.isNeeded || $0.log.packets > 0 }.map(\.log)
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
