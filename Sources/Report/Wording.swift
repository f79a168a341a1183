import Readiness
import Results
import Units

/// What reports say in sentences, whatever they are rendered to.
struct Wording {}

// MARK: A result

extension Wording {
    func sentence(_ document: ResultDocument) -> String {
        switch document.grade {
        case .ready: "Calls can go live at \(document.site)."
        case .atRisk: "Calls at \(document.site) would suffer at times."
        case .notReady: "Calls must not go live at \(document.site) yet."
        case .inconclusive: "This check cannot say whether \(document.site) is ready."
        }
    }

    /// When, from where, to where, against what.
    func circumstances(_ document: ResultDocument) -> String {
        let endpoints = document.endpoints.map(name)
        let length = Nanoseconds.seconds(rounding: document.durationSeconds).text
        let trigger = document.trigger == .manual ? "" : ", by \(document.trigger.rawValue)"
        return "Checked \(document.startedAt.secondText) for \(length) from \(document.agent)\(trigger), "
            + "against profile \(document.profile), to \(endpoints.joined(separator: " and "))."
    }

    /// With the address that was measured, where its name does not say it.
    func name(_ endpoint: EndpointDocument) -> String {
        endpoint.endpoint + (endpoint.endpoint.contains(endpoint.address) ? "" : " (\(endpoint.address))")
    }
}

// MARK: A criterion

extension Wording {
    func label(_ criterion: CriterionDocument, _ document: ResultDocument) -> String {
        let statistic = criterion.statistic.replacing("worst_15s", with: "15 s").replacing(
            "worst_200ms",
            with: "200 ms"
        )
        let name =
            switch Criterion.Name(rawValue: criterion.name) {
            case .latencyOneWay: "one-way"
            case .roundTrip: "round trip"
            case .dscp: "DSCP" + (document.dscp.required.map { " \($0)" } ?? "")
            default: criterion.name
            }
        return statistic == Statistic.wholeCheck.rawValue ? name : "\(name), \(statistic)"
    }

    /// What a port did.
    func outcome(of criterion: CriterionDocument, _ document: ResultDocument) -> String {
        let stream = document.streams.first { $0.endpoint == criterion.endpoint && $0.port == criterion.port }
        return stream.map { outcome($0.reachability.state, refusedReplies: !$0.refusedReplies.isEmpty) } ?? ""
    }

    func outcome(_ state: ReachabilityDocument.State, refusedReplies: Bool) -> String {
        switch state {
        case .answered: "answered"
        case .refused: "refused"
        case .silent: refusedReplies ? "unusable" : "silent"
        case .notSent: "not sent"
        }
    }

    func place(_ criterion: CriterionDocument) -> String {
        // Two criteria have the forward direction: where packets leave, and where they arrive.
        if criterion.basis == Basis.egressCapture.rawValue { return "leaving here" }
        return [criterion.direction, criterion.port.map { "\($0)" }].compactMap { $0 }.joined(separator: " ")
    }

    /// Without the unit, which the value has.
    func bounds(_ criterion: CriterionDocument) -> String {
        if criterion.name == Criterion.Name.dscp.rawValue { return "all" }
        guard let target = criterion.target, let limit = criterion.limit else { return "" }
        let low = figure(target, criterion.unit)
        return target == limit ? "< \(low)" : "< \(low) / \(figure(limit, criterion.unit))"
    }

    /// Without its unit.
    func figure(_ value: Double, _ unit: String) -> String {
        unit == Criterion.Unit.ratio.rawValue ? FigureText.percent(value) : FigureText.milliseconds(value)
    }

    /// What decided where the criterion's own number could not.
    func decider(_ criterion: CriterionDocument, _ document: ResultDocument) -> String? {
        guard criterion.name == Criterion.Name.latencyOneWay.rawValue, criterion.basis == Basis.roundTrip.rawValue
        else { return nil }
        let trip = document.endpoints.first { $0.endpoint == criterion.endpoint }?.roundTripMilliseconds
        let figures = trip.map { ": \(FigureText.milliseconds($0.p95)) ms at p95" } ?? ""
        return "decided by the round trip\(figures)"
    }

    func settle(_ criterion: CriterionDocument) -> String? {
        criterion.settle.map {
            (criterion.grade == .atRisk ? "whether it is worse takes " : "to settle it takes ") + $0
        }
    }
}

// MARK: An assessment

extension Wording {
    func sentence(_ document: AssessmentDocument) -> String {
        switch document.verdict {
        case .go where !document.isFinal: "So far calls could go live at \(document.site)."
        case .go: "Calls can go live at \(document.site)."
        case .noGo: "Calls must not go live at \(document.site) yet."
        case .insufficient: "Too little was measured to say whether \(document.site) is ready."
        }
    }

    /// `Tue 2026-12-01 14:07` of `2026-12-01T14:07:12+01:00`; anything else as it is.
    func localText(_ text: String) -> String {
        let digits = text.prefix(16)
        guard digits.utf8.count == 16, let time = UTCTime(String(text.prefix(10)) + "T00:00:00.000000Z") else {
            return text
        }
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let day = Int(time.microsecondsSinceUnixEpoch / 86_400_000_000)
        return "\(names[((day % 7) + 7) % 7]) \(digits.replacing("T", with: " "))"
    }

    func label(_ name: String, _ statistic: String) -> String {
        let short =
            switch Criterion.Name(rawValue: name) {
            case .latencyOneWay: "one-way"
            case .roundTrip: "round trip"
            case .dscp: "DSCP"
            case .reachability: "UDP reachable"
            default: name
            }
        switch Statistic(rawValue: statistic) {
        case .wholeCheck: return short
        case .worst15s: return "\(short), 15 s"
        case .worst200ms: return "\(short), 200 ms"
        default: return "\(short), \(statistic)"
        }
    }
}
