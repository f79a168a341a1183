import Units

extension Verdict {
    /// What a capture on the wire could not see. Where no mark is required, nobody asks.
    static func captureFindings(_ evidence: CheckEvidence) -> [Finding] {
        guard evidence.requiredDSCP != nil else { return [] }
        switch evidence.capture {
        case .off: return []
        case .unavailable(let reason, let remedy): return [unavailable(reason, [], remedy: remedy)]
        case .captured(let record):
            return unseen(record, evidence) + (record.dropped > 0 ? [drops(record)] : [])
        }
    }

    private static func unavailable(_ reason: String, _ facts: [Finding.Evidence], remedy: String) -> Finding {
        Finding(
            code: .dscpCaptureUnavailable,
            severity: .info,
            summary: "The mark on packets as they left this host is not known: \(reason).",
            evidence: facts,
            remedy: remedy
        )
    }

    /// Endpoints that answered, and of whose packets the capture saw none.
    private static func unseen(_ record: CaptureRecord, _ evidence: CheckEvidence) -> [Finding] {
        let interfaces = record.interfaces.joined(separator: ", ")
        if let failure = record.failure, record.packets == 0 {
            return [unavailable(failure, [], remedy: "Check again; capture by hand with tcpdump -i \(interfaces).")]
        }
        return evidence.endpoints.compactMap { endpoint in
            let ports = endpoint.ports.filter { $0.reachability == .answered }
            guard !ports.isEmpty, ports.allSatisfy({ ($0.trail.egress?.packets ?? 0) == 0 }) else { return nil }
            return unavailable(
                "the capture on \(interfaces) saw no packet to \(endpoint.name)",
                [.init("endpoint", .text(endpoint.name)), .init("interface", .text(interfaces))],
                remedy: "Name the interface that the packets leave by: --capture NAME. ip route get "
                    + "\(endpoint.address) tells it. Where this host itself translates addresses, name one before that."
            )
        }
    }

    private static func drops(_ record: CaptureRecord) -> Finding {
        Finding(
            code: .dscpCaptureDrops,
            severity: .info,
            summary: "The capture on \(record.interfaces.joined(separator: ", ")) missed "
                + "\(NumberText.count(record.dropped)) packets, whose marks are not counted as they left this host.",
            evidence: [
                .init("dropped", .count(record.dropped)), .init("packets", .count(record.packets)),
                .init("interface", .text(record.interfaces.joined(separator: ", "))),
            ],
            remedy: "Check from a machine with an idle processor."
        )
    }
}
