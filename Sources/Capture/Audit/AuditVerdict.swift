import Readiness
import Units

/// What an audit comes to.
public struct AuditVerdict: Sendable {
    public let grade: Grade
    public let findings: [Finding]

    /// - Parameters:
    ///   - graded: the directions that count.
    ///   - dropped: packets that the capture had no room for; nil for files.
    public init(_ audit: MediaAudit, graded: Set<MediaDirection>, dropped: Int?) {
        var findings: [Finding] = []
        for (index, mediaClass) in audit.rules.classes.enumerated() {
            for direction in MediaDirection.allCases {
                let view = ClassView(audit, index, mediaClass, direction, isGraded: graded.contains(direction))
                findings += view.findings()
            }
        }
        findings += Self.absence(audit, graded)
        if let dropped, dropped > 0 { findings.append(Self.drops(dropped, of: audit.frames)) }
        grade = findings.map(\.severity).max().map(Self.grade) ?? .ready
        self.findings = Finding.Severity.allCases.sorted(by: >).flatMap { severity in
            findings.filter { $0.severity == severity }
        }
    }

    private static func grade(_ severity: Finding.Severity) -> Grade {
        switch severity {
        case .info: .ready
        case .inconclusive: .inconclusive
        case .atRisk: .atRisk
        case .notReady: .notReady
        }
    }

    /// No media of a class at all settles nothing.
    private static func absence(_ audit: MediaAudit, _ graded: Set<MediaDirection>) -> [Finding] {
        let unclassed = MediaDirection.allCases.map { audit.streams[MediaAudit.slot(audit.rules.classes.count, $0)] }
        let packets = unclassed.reduce(0) { $0 &+ $1.tally.packets }
        let classed = audit.rules.classes.indices.reduce(0) { sum, index in
            graded.reduce(sum) { $0 &+ audit.streams[MediaAudit.slot(index, $1)].tally.packets }
        }
        let ports = audit.rules.classes.map { "\($0.name) \($0.clientPorts.text)" }.joined(separator: ", ")
        var findings: [Finding] = []
        if packets > 0 {
            findings.append(
                Finding(
                    code: .dscpMediaUnclassed,
                    severity: classed == 0 ? .inconclusive : .info,
                    summary: "\(NumberText.count(packets)) packets of media use client ports of no class, so what mark "
                        + "they should have is not known.",
                    evidence: [.init("packets", .count(packets)), .init("client_ports_known", .text(ports))],
                    remedy:
                        "Turn on media port ranges in the Teams meeting settings (QoS markers for real-time media), "
                        + "or give the ports that the clients use with --audio, --video and --sharing."
                )
            )
        }
        if classed == 0, packets == 0 {
            findings.append(
                Finding(
                    code: .dscpMediaNone,
                    severity: .inconclusive,
                    summary: "No Teams media was seen in \(NumberText.count(audit.frames)) packets.",
                    evidence: [.init("packets", .count(audit.frames)), .init("client_ports_known", .text(ports))],
                    remedy: "Capture while calls are up, at a place that their packets pass: a mirror port with both "
                        + "directions, the edge router, or a client itself."
                )
            )
        }
        return findings
    }

    private static func drops(_ dropped: Int, of frames: Int) -> Finding {
        let share = Double(dropped) / Double(max(1, dropped &+ frames))
        return Finding(
            code: .dscpCaptureDrops,
            severity: share < 0.01 ? .info : .inconclusive,
            summary: "The capture had no room for \(NumberText.count(dropped)) packets "
                + "(\(NumberText.value(share, .ratio)) of all), which are in no count.",
            evidence: [.init("dropped", .count(dropped)), .init("share_ratio", .number(share))],
            remedy: "Capture on a machine with an idle processor, or mirror less to it."
        )
    }
}

/// One class in one direction, as findings see it.
private struct ClassView {
    let mediaClass: MediaClass
    let direction: MediaDirection
    let isGraded: Bool
    let stream: MediaAudit.Stream
    /// Those with packets that have no mark, and those with packets that have a wrong one.
    let unmarkedHosts: [IPAddress]
    let wrongHosts: [IPAddress]

    init(
        _ audit: MediaAudit,
        _ index: Int,
        _ mediaClass: MediaClass,
        _ direction: MediaDirection,
        isGraded: Bool
    ) {
        let slot = MediaAudit.slot(index, direction)
        self.mediaClass = mediaClass
        self.direction = direction
        self.isGraded = isGraded
        stream = audit.streams[slot]
        unmarkedHosts = audit.hosts.worst(slot, by: \.unmarked)
        wrongHosts = audit.hosts.worst(slot, by: \.wrong)
    }

    func findings() -> [Finding] {
        let wrong = stream.series.counts.keys.filter { $0 != mediaClass.required }.sorted()
        var findings: [Finding] = []
        if let finding = finding(wrong.filter { $0 == .bestEffort }, unmarkedHosts, isUnmarked: true) {
            findings.append(finding)
        }
        if let finding = finding(wrong.filter { $0 != .bestEffort }, wrongHosts, isUnmarked: false) {
            findings.append(finding)
        }
        return findings
    }

    private func finding(_ marks: [DSCP], _ hosts: [IPAddress], isUnmarked: Bool) -> Finding? {
        let counts = marks.map { ($0, stream.series.counts[$0] ?? 0) }
        let packets = counts.reduce(0) { $0 &+ $1.1 }
        guard packets > 0 else { return nil }
        let share = Double(packets) / Double(max(1, stream.tally.packets))
        let values = marks.map { "\($0.value)" }.joined(separator: ", ")
        let what = isUnmarked ? "no mark" : "DSCP \(values)"
        let span = stream.series.extent(of: marks)?.span.text ?? ""
        return Finding(
            code: code(isUnmarked),
            severity: isGraded ? .atRisk : .info,
            summary: "\(NumberText.value(share, .ratio)) of the \(mediaClass.name) "
                + "\(direction == .outbound ? "that clients send" : "that comes back to clients") has \(what) instead of "
                + "DSCP \(mediaClass.required.value)\(span).",
            evidence: [
                .init("class", .text(mediaClass.name)), .init("direction", .text(direction.rawValue)),
                .init("dscp_required", .count(Int(mediaClass.required.value))), .init("share_ratio", .number(share)),
                .init("packets", .count(packets)), .init("hosts", .count(hosts.count)),
                .init("hosts_worst", .text(hosts.prefix(3).map(\.description).joined(separator: ", "))),
            ] + counts.map { .init("packets_with_dscp_\($0.0.value)", .count($0.1)) },
            remedy: remedy(isUnmarked)
        )
    }

    private func code(_ isUnmarked: Bool) -> Finding.Code {
        switch (direction, isUnmarked) {
        case (.outbound, true): .dscpNotSetEgress
        case (.outbound, false): .dscpRemarkedLocal
        case (.inbound, true): .dscpBleachedReturn
        case (.inbound, false): .dscpRemarkedReturn
        }
    }

    private func remedy(_ isUnmarked: Bool) -> String {
        let mark = "DSCP \(mediaClass.required.value)"
        switch (direction, isUnmarked) {
        case (.outbound, true):
            return "Have the clients mark: QoS in the Teams meeting settings and, on Windows, a policy for Teams with "
                + "\(mark) for source ports \(mediaClass.clientPorts.text). Where they do, the switch or the wireless "
                + "controller between them and here clears it: let it trust DSCP."
        case (.outbound, false):
            return "See which policy marks these packets otherwise: one on the clients, or one on the switches and the "
                + "wireless controller between them and here. Voice wants \(mark) on every hop."
        case (.inbound, _):
            return "The internet commonly clears or rewrites marks: mark returning media with \(mark) where it enters "
                + "your own network, by the clients' ports \(mediaClass.clientPorts.text)."
        }
    }
}

extension HostTable {
    /// Hosts with any such packets, most first.
    fileprivate func worst(_ slot: Int, by count: KeyPath<MarkTally, Int>) -> [IPAddress] {
        let found = tallies(in: slot).map { (host: $0.host, count: $0.tally[keyPath: count]) }.filter { $0.count > 0 }
        let sorted = found.sorted { left, right in
            left.count == right.count ? left.host.order < right.host.order : left.count > right.count
        }
        return sorted.map(\.host)
    }
}

extension IPAddress {
    /// IPv4 before IPv6, each by value.
    var order: (UInt8, UInt64, UInt64) { (family.rawValue, high, low) }
}

extension ClosedRange<UInt16> {
    var text: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)" }
}
