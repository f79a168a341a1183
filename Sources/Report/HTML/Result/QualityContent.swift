import Readiness
import Results

extension ResultContent {
    /// How well the measuring host itself did.
    var quality: HTML {
        Part.quality.section("How well this host kept time and sent, without which no number above means anything.") {
            tag(.dl, .classes("facts")) {
                clock
                probe
                if let load = document.load { HTML.fact("Load", wording.load(load).dropping("Load: ")) }
                schedule
                if let delivery = document.delivery { HTML.fact("Earlier results", wording.delivery(delivery)) }
            }
        }
    }

    private var clock: HTML {
        let clock = document.clock
        let error = clock.maxErrorMilliseconds.map { " to ± \(FigureText.milliseconds($0)) ms" } ?? ""
        return HTML.fact(
            "Clock",
            (clock.synchronized ? "synchronised\(error)" : "not synchronised") + ", says \(clock.source)"
        )
    }

    @HTMLBuilder private var probe: HTML {
        let quality = document.probeQuality
        let late = quality.sendErrorMicroseconds
        let figures = [("p50", late.p50), ("p99", late.p99), ("max", late.max)]
        HTML.fact(
            "Sent late by",
            figures.map { "\(FigureText.milliseconds($0.1 / 1_000)) ms (\($0.0))" }.joined(separator: ", ")
        )
        HTML.fact("Sends missed", NumberText.count(quality.missedSends))
        HTML.fact("Times from the kernel", FigureText.percent(quality.kernelTimestampsRatio) + " %")
        HTML.fact("Replies dropped here", NumberText.count(quality.socketDrops))
    }

    private var schedule: HTML {
        HTML.fact("Schedule", document.schedule.map { "\($0.name), asked for at \($0.slotAt.secondText)" })
    }

    // MARK: The rest

    @HTMLBuilder var assessment: HTML {
        if let assessment = document.assessment {
            Part.assessment.section {
                tag(.p) {
                    assessment.verdict.badge
                    " \(assessment.name), so far: \(wording.checks(assessment.checks))"
                }
                RuleOutcomes.list(assessment.outcomes)
            }
        }
    }

    var unmeasured: HTML {
        Part.unmeasured.section { HTML.notes(wording.unmeasured(document)) }
    }
}

extension Wording {
    func delivery(_ delivery: DeliveryDocument) -> String {
        var facts = [
            "spool \(delivery.spool.replacing("_", with: " "))", "\(NumberText.count(delivery.pending)) waiting",
        ]
        if delivery.held > 0 { facts.append("\(NumberText.count(delivery.held)) of them in memory only") }
        if delivery.setAside > 0 { facts.append("\(NumberText.count(delivery.setAside)) refused by the collector") }
        if delivery.dropped > 0 { facts.append("\(NumberText.count(delivery.dropped)) dropped for want of room") }
        if let failure = delivery.lastFailure { facts.append("last failure: \(failure)") }
        return facts.joined(separator: ", ")
    }

    func checks(_ checks: CheckCountsDocument) -> String {
        let counts = [
            (checks.ready, "ready"), (checks.atRisk, "at risk"), (checks.notReady, "not ready"),
            (checks.inconclusive, "inconclusive"),
        ]
        let parts = counts.filter { $0.0 != 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }
        return "\(NumberText.count(checks.made)) checks made of \(NumberText.count(checks.planned)) asked for"
            + (parts.isEmpty ? "." : ": \(parts.joined(separator: ", ")).")
    }
}

extension String {
    fileprivate func dropping(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}

/// The rules of an assessment and what became of them.
package enum RuleOutcomes {
    package static func list(_ outcomes: [RuleOutcomeDocument]) -> HTML {
        tag(.ul, .classes("plain", "rules")) {
            for outcome in outcomes {
                tag(.li) {
                    standing(outcome.outcome).badge(word(outcome.outcome))
                    " "
                    outcome.summary
                }
            }
        }
    }

    private static func standing(_ outcome: String) -> Standing {
        switch RuleOutcome.Outcome(rawValue: outcome) {
        case .met: .ready
        case .broken: .notReady
        case .open, nil: .inconclusive
        }
    }

    private static func word(_ outcome: String) -> String {
        RuleOutcome.Outcome(rawValue: outcome)?.word ?? outcome
    }
}
