import Statistics
import Units

extension ServerEvidence {
    /// Answers that say outright that the server limits whom or how much it serves (RFC 8656 §19).
    static let limitingCodes = [486, 508]

    var limitingAnswers: Int { Self.limitingCodes.reduce(0) { $0 + (responses[$1] ?? 0) } }

    /// Whether the answers that were missing are the server's own doing: at the full rate they were missing again and
    /// again between others that came, and at the lowest one nearly none was. An outage is one gap; a bad path stays
    /// as bad when it is asked less.
    var limitsByRate: Bool {
        guard rates.count > 1, let fast = rates.first, let slow = rates.last, slow.sent >= 10, fast.sent > 0 else {
            return false
        }
        let answeredSlow = Double(slow.answered) / Double(slow.sent)
        let answeredFast = Double(fast.answered) / Double(fast.sent)
        return fast.answered > 0 && fast.lossPeriods >= 4 && answeredSlow >= 0.95 && answeredFast < 0.8
    }
}

extension EndpointGrading {
    /// What the numbers of a server that limits can still prove.
    var isLimited: Bool { endpoint.access.server?.limitsByRate ?? false }

    func serverFindings() -> [Finding] {
        guard let server = endpoint.access.server else { return [] }
        return [limitedFinding(server), redirectedFinding(server)].compactMap(\.self)
    }

    private func limitedFinding(_ server: ServerEvidence) -> Finding? {
        guard server.rates.count > 1 || server.limitingAnswers > 0 else { return nil }
        let summary: String
        if server.limitingAnswers > 0 {
            let codes = ServerEvidence.limitingCodes.filter { server.responses[$0] != nil }.map { "\($0)" }
            summary =
                "\(endpoint.name) says that it limits what it serves (\(codes.joined(separator: " and "))): "
                + "it was asked less often from then on."
        } else if server.limitsByRate {
            summary =
                "\(endpoint.name) limits how often it answers: asked less often it answered nearly all, so the "
                + "answers missing before are not the network's losses."
        } else {
            summary =
                "\(endpoint.name) left many requests unanswered after it had answered before, and was asked less "
                + "often: whether it limits or the path failed, these answers do not tell."
        }
        let facts = server.rates.enumerated().flatMap { index, rate -> [Finding.Evidence] in
            let suffix = server.rates.count == 1 ? "" : "_\(index + 1)"
            return [
                .init("interval\(suffix)_ms", .number(rate.interval.milliseconds)),
                .init("requests\(suffix)", .count(rate.sent)), .init("answers\(suffix)", .count(rate.answered)),
            ]
        }
        return Finding(
            code: .relayLimited,
            severity: server.limitsByRate ? .inconclusive : .info,
            summary: summary,
            evidence: evidence(endpoint.ports) + facts,
            remedy:
                "Check with a longer --relay-interval, and measure loss against a reflector of your own: a relay is "
                + "somebody else's and answers as often as it likes."
        )
    }

    private func redirectedFinding(_ server: ServerEvidence) -> Finding? {
        guard let alternate = server.alternate else { return nil }
        let fate = alternate.answered ? "which answers" : "which does not answer"
        var facts: [Finding.Evidence] = [
            .init("alternate_address", .text(alternate.address)), .init("alternate_port", .count(Int(alternate.port))),
        ]
        if let roundTrip = alternate.roundTrip { facts.append(.init("round_trip_ms", .number(roundTrip.milliseconds))) }
        return Finding(
            code: .relayRedirected,
            severity: .info,
            summary: "\(endpoint.name) sends its clients elsewhere: to \(alternate.address), port \(alternate.port), "
                + "\(fate).",
            evidence: evidence(endpoint.ports) + facts,
            remedy: "Let firewalls and routes treat the other server like this one; check it by itself, with "
                + "--endpoint turn://\(alternate.address.contains(":") ? "[\(alternate.address)]" : alternate.address)"
                + ":\(alternate.port)."
        )
    }
}
