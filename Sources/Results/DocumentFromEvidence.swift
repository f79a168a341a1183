import Readiness
import Statistics
import Units

extension ResultDocument {
    public init(evidence: CheckEvidence, verdict: Verdict, description: CheckDescription) {
        let incidents = AttachedIncidents(evidence.incidents)
        self.init(
            schema: "\(Self.schemaName)/\(Self.schemaMajor)",
            id: description.id.description,
            site: description.site,
            agent: description.agent,
            version: description.version,
            startedAt: UTCTime(description.startedAt),
            endedAt: UTCTime(description.endedAt),
            trigger: description.trigger,
            profile: verdict.profile,
            durationSeconds: evidence.duration.roundedSeconds,
            intendedDurationSeconds: evidence.intendedDuration.roundedSeconds,
            grade: verdict.grade,
            criteria: verdict.criteria.map(CriterionDocument.init),
            findings: verdict.findings.map(FindingDocument.init),
            clock: ClockDocument(evidence.clock),
            probeQuality: ProbeQualityDocument(evidence.probeQuality),
            endpoints: evidence.endpoints.map(EndpointDocument.init),
            streams: evidence.endpoints.flatMap { endpoint in
                endpoint.ports.map { StreamDocument($0, of: endpoint, check: evidence, description: description) }
            },
            dscp: MarkingDocument(evidence),
            incidents: incidents.documents,
            incidentsLeftOut: incidents.leftOut,
            load: LoadDocument(evidence, description),
            capacity: description.capacity.map(CapacityDocument.init),
            path: evidence.path.map(PathDocument.init),
            location: evidence.path.flatMap(LocationDocument.init)
        )
    }
}

extension CriterionDocument {
    init(_ criterion: Criterion) {
        func written(_ value: Double) -> Double { criterion.unit == .ratio ? value.roundedRatio : value.rounded(to: 4) }
        self.init(
            name: criterion.name.rawValue,
            endpoint: criterion.endpoint,
            port: criterion.port,
            direction: criterion.direction?.rawValue,
            value: criterion.value.map(written),
            unit: criterion.unit.rawValue,
            interval: criterion.interval.map { [written($0.lowerBound), written($0.upperBound)] },
            target: criterion.target,
            limit: criterion.limit,
            statistic: criterion.statistic.rawValue,
            basis: criterion.basis.rawValue,
            grade: criterion.grade,
            settle: criterion.settle
        )
    }
}

extension FindingDocument {
    init(_ finding: Finding) {
        self.init(
            code: finding.code.rawValue,
            severity: finding.severity.rawValue,
            summary: finding.summary,
            evidence: Dictionary(finding.evidence.map { ($0.name, EvidenceDocument($0.value)) }) { first, _ in first },
            remedy: finding.remedy
        )
    }
}

extension EvidenceDocument {
    init(_ value: EvidenceValue) {
        switch value {
        case .text(let text): self = .text(text)
        case .number(let number): self = .number(number.rounded(to: 6))
        case .count(let count): self = .number(Double(count))
        }
    }
}

extension ClockDocument {
    init(_ clock: LocalClock) {
        self.init(
            synchronized: clock.synchronized,
            maxErrorMilliseconds: clock.maximumError?.roundedMilliseconds,
            source: clock.source
        )
    }
}

extension ProbeQualityDocument {
    init(_ quality: ProbeQuality) {
        self.init(
            sendErrorMicroseconds: SendError(
                p50: quality.sendErrorMedian.microseconds.rounded(to: 1),
                p99: quality.sendErrorP99.microseconds.rounded(to: 1),
                max: quality.sendErrorMaximum.microseconds.rounded(to: 1)
            ),
            missedSends: quality.missedSends,
            kernelTimestampsRatio: quality.kernelTimestampsRatio.roundedRatio,
            socketDrops: quality.socketDrops
        )
    }
}

extension MarkingDocument {
    /// Only a capture on the wire can say what left.
    init(_ evidence: CheckEvidence) {
        let ports = evidence.endpoints.flatMap(\.ports).filter { $0.reachability == .answered }
        let farEnd = ports.compactMap(\.farEndDSCP)
        let returned = ports.map(\.returnDSCP).filter { !$0.isEmpty }
        let egress = evidence.endpoints.flatMap(\.ports).compactMap(\.trail.egress?.counts).filter { !$0.isEmpty }
        self.init(
            required: evidence.requiredDSCP.map { Int($0.value) },
            egress: egress.isEmpty ? nil : Self.packetsByValue(egress),
            farEnd: farEnd.isEmpty ? nil : Self.packetsByValue(farEnd),
            returned: returned.isEmpty ? nil : Self.packetsByValue(returned),
            ecn: ECNDocument(ports.map(\.trail)),
            capture: CaptureDocument(evidence.capture)
        )
    }

    static func packetsByValue(_ counts: [[DSCP: Int]]) -> [String: Int] {
        var packets: [String: Int] = [:]
        for (mark, count) in counts.joined() { packets["\(mark.value)", default: 0] += count }
        return packets
    }
}

extension EndpointDocument {
    init(_ endpoint: EndpointEvidence) {
        let statistics = endpoint.statistics
        self.init(
            endpoint: endpoint.name,
            address: endpoint.address,
            authenticated: endpoint.authenticated,
            clockOffset: statistics.clock.map(ClockOffsetDocument.init),
            farMaxErrorMilliseconds: endpoint.farClockError?.roundedMilliseconds,
            sendTimeCorrection: endpoint.sendTimeCorrection.map {
                SendTimeCorrectionDocument(
                    corrected: $0.corrected,
                    replies: $0.replies,
                    p50Microseconds: $0.median.microseconds.rounded(to: 1),
                    maxMicroseconds: $0.maximum.microseconds.rounded(to: 1)
                )
            },
            latencyOneWayMilliseconds: statistics.worseDirectionDelay.map {
                WorseDelayDocument(
                    p95: $0.value.roundedMilliseconds,
                    interval: $0.interval.roundedMilliseconds,
                    direction: statistics.clock == nil ? nil : $0.direction.rawValue
                )
            },
            roundTripMilliseconds: statistics.roundTripP95.map {
                BoundedValueDocument(
                    p95: $0.roundedMilliseconds,
                    interval: statistics.roundTripP95Interval?.roundedMilliseconds
                )
            },
            forwardLoss: statistics.forwardLoss.map(LossDocument.init),
            reverseLoss: statistics.reverseLoss.map(LossDocument.init),
            roundTripLoss: statistics.roundTripLoss.map(LossDocument.init),
            addresses: endpoint.access.addresses.count > 1 ? endpoint.access.addresses.map(AddressDocument.init) : nil,
            server: endpoint.access.server.map(ServerDocument.init),
            nat: endpoint.access.nat.map(NATDocument.init),
            fallback: endpoint.access.fallback.map(FallbackDocument.init),
            controlPort: endpoint.access.controlPort.map(ControlPortDocument.init)
        )
    }
}

extension ClockOffsetDocument {
    init(_ clock: ClockRelation) {
        self.init(
            method: clock.method.rawValue,
            offsetMilliseconds: clock.offset.roundedMilliseconds,
            uncertaintyMilliseconds: clock.uncertainty.roundedMilliseconds,
            skewPPM: clock.skewPPM?.roundedIfFinite(to: 3),
            skewUncertaintyPPM: clock.skewUncertaintyPPM?.roundedIfFinite(to: 3),
            claimsContradicted: clock.claimsContradicted,
            steps: clock.steps.map { Step(at: UTCTime($0.at), byMilliseconds: $0.by.roundedMilliseconds) }
        )
    }
}
