import Statistics
import Units

// MARK: Clocks

extension EndpointGrading {
    /// What the measurement itself shows of the two clocks.
    func clockFindings(_ criteria: [GradedCriterion]) -> [Finding] {
        guard let clock = endpoint.statistics.clock else { return [] }
        let severity: Finding.Severity = criteria.contains { $0.obstacles.contains(.clock) } ? .inconclusive : .info
        var findings: [Finding] = []
        if clock.claimsContradicted {
            findings.append(
                Finding(
                    code: .clockClaimContradicted,
                    severity: severity,
                    summary:
                        "This host's clock or that of \(endpoint.name) is further off than it claims: by its claims "
                        + "some packets would have arrived before they were sent.",
                    evidence: [
                        .init("endpoint", .text(endpoint.name)),
                        .init("offset_ms", .number(clock.offset.milliseconds)),
                        .init("offset_uncertainty_ms", .number(clock.uncertainty.milliseconds)),
                    ],
                    remedy:
                        "See at both ends that the clock is synchronised and by what; the claims were set aside and "
                        + "the delays bounded by the round trip instead."
                )
            )
        }
        if !clock.steps.isEmpty { findings.append(steppedFinding(clock.steps, severity: severity)) }
        return findings
    }

    private func steppedFinding(_ steps: [ClockStep], severity: Finding.Severity) -> Finding {
        let facts = steps.enumerated().flatMap { index, step -> [Finding.Evidence] in
            let suffix = steps.count == 1 ? "" : "_\(index + 1)"
            return [
                .init("stepped_at\(suffix)", .text(step.at.rfc3339)),
                .init("stepped_by\(suffix)_ms", .number(step.by.milliseconds)),
            ]
        }
        let times = steps.count == 1 ? "once" : "\(steps.count) times"
        return Finding(
            code: .clockStepped,
            severity: severity,
            summary: "The clock of \(endpoint.name) stepped against this host's \(times) during the check; delays were "
                + "measured on each side of a step by themselves.",
            evidence: [.init("endpoint", .text(endpoint.name))] + facts,
            remedy: "Let the time service slew the clock instead of stepping it, at the end that stepped."
        )
    }
}

extension Verdict {
    static func clockFindings(_ evidence: CheckEvidence, obstacles: Set<Obstacle>) -> [Finding] {
        localStepFindings(evidence.clock) + unsynchronizedFindings(evidence, obstacles: obstacles)
    }

    private static func localStepFindings(_ clock: LocalClock) -> [Finding] {
        guard let first = clock.steps.first else { return [] }
        let times = clock.steps.count == 1 ? "once" : "\(clock.steps.count) times"
        return [
            Finding(
                code: .clockStepped,
                severity: .info,
                summary: "This host's own clock was stepped \(times) during the check; delays were measured by its "
                    + "monotonic clock and are not touched by it.",
                evidence: [
                    .init("stepped_at", .text(first.at.rfc3339)),
                    .init("stepped_by_ms", .number(first.by.milliseconds)),
                    .init("steps", .count(clock.steps.count)),
                ],
                remedy: "Let the time service slew this host's clock instead of stepping it."
            )
        ]
    }

    private static func unsynchronizedFindings(_ evidence: CheckEvidence, obstacles: Set<Obstacle>) -> [Finding] {
        guard !evidence.clock.synchronized else { return [] }
        var facts: [Finding.Evidence] = [.init("source", .text(evidence.clock.source))]
        if let error = evidence.clock.maximumError {
            facts.append(.init("max_error_ms", .number(error.milliseconds)))
        }
        return [
            Finding(
                code: .clockUnsynchronized,
                severity: obstacles.contains(.clock) ? .inconclusive : .info,
                summary: "This host's clock is not synchronised, so one-way delays are known only as far as the round "
                    + "trip bounds them.",
                evidence: facts,
                remedy: "Run chrony or another NTP client on this host, or state the clock's error with --clock-error "
                    + "where it is known."
            )
        ]
    }

    static func interruptionFindings(_ evidence: CheckEvidence) -> [Finding] {
        // One place in the grid more or less is a matter of where one counts from.
        guard evidence.duration + evidence.interval < evidence.intendedDuration else { return [] }
        return [
            Finding(
                code: .checkInterrupted,
                severity: .info,
                summary:
                    "The check was ended after \(evidence.duration.text) of \(evidence.intendedDuration.text); its "
                    + "intervals are as wide as so few packets make them.",
                evidence: [
                    .init("duration_s", .number(evidence.duration.seconds)),
                    .init("intended_duration_s", .number(evidence.intendedDuration.seconds)),
                ],
                remedy: "Let a check run to its end before it is used to sign anything off."
            )
        ]
    }
}

// MARK: The probe itself

extension ProbeCondition {
    func findings(obstacles: Set<Obstacle>) -> [Finding] {
        func severity(_ causes: Set<Obstacle>) -> Finding.Severity {
            obstacles.isDisjoint(with: causes) ? .info : .inconclusive
        }
        var findings: [Finding] = []
        if isOverloaded { findings.append(overloaded(severity([.probeTiming]))) }
        if quality.socketDrops > 0 { findings.append(socketDrops(severity([.socketDrops]))) }
        if lacksKernelTimestamps { findings.append(noKernelTimestamps(severity([.probeTiming, .timestamps]))) }
        return findings
    }

    private func overloaded(_ severity: Finding.Severity) -> Finding {
        Finding(
            code: .probeOverloaded,
            severity: severity,
            summary:
                "This host did not send on time: \(NumberText.percent(missedRatio)) of the packets were not "
                + "sent, and 1 in 100 left \(quality.sendErrorP99.text) late or more.",
            evidence: [
                .init("missed_sends", .count(quality.missedSends)),
                .init("send_error_p99_ms", .number(quality.sendErrorP99.milliseconds)),
                .init("kernel_timestamps_ratio", .number(quality.kernelTimestampsRatio)),
            ],
            remedy: "Check from a machine with an idle processor and without a shaper on its own interface, or give "
                + "linecheck real-time priority (CAP_SYS_NICE)."
        )
    }

    private func socketDrops(_ severity: Finding.Severity) -> Finding {
        Finding(
            code: .probeSocketDrops,
            severity: severity,
            summary: "This host itself dropped \(NumberText.count(quality.socketDrops)) "
                + "\(quality.socketDrops == 1 ? "reply" : "replies") that had already arrived; so many losses are its own "
                + "and not the network's.",
            evidence: [.init("socket_drops", .count(quality.socketDrops))],
            remedy: "Raise net.core.rmem_max, or check from a machine that is less busy."
        )
    }

    private func noKernelTimestamps(_ severity: Finding.Severity) -> Finding {
        Finding(
            code: .probeNoKernelTimestamps,
            severity: severity,
            summary: "Only \(NumberText.percent(quality.kernelTimestampsRatio)) of the packets carry the kernel's "
                + "timestamps; the other times include how long this host took to notice.",
            evidence: [.init("kernel_timestamps_ratio", .number(quality.kernelTimestampsRatio))],
            remedy: "Use a network interface and a kernel that timestamp packets (SO_TIMESTAMPING)."
        )
    }
}
