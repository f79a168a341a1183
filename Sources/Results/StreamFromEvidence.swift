import Readiness
import Statistics
import Units

extension StreamDocument {
    init(_ port: PortEvidence, of endpoint: EndpointEvidence, check: CheckEvidence, description: CheckDescription) {
        let statistics = port.statistics
        let stream = description.stream(of: endpoint.name, port: port.port)
        self.init(
            endpoint: endpoint.name,
            probeProtocol: stream?.probeProtocol,
            address: endpoint.address,
            port: port.port,
            intervalMilliseconds: (stream?.interval ?? check.interval).roundedMilliseconds,
            payloadBytes: stream?.payloadBytes ?? description.payloadBytes,
            dscp: Int(description.dscp.value),
            durationSeconds: stream?.duration.roundedSeconds,
            calls: stream.flatMap { $0.calls > 1 ? $0.calls : nil },
            sequence: stream?.measuredSequence.map { Sequence(first: $0.lowerBound, last: $0.upperBound) },
            reachability: ReachabilityDocument(port.reachability, endpoint.access.diagnoses[port.port]),
            refusedReplies: port.refusedReplies,
            method: statistics.method?.rawValue,
            packets: PacketsDocument(statistics.packets),
            forward: DirectionDocument(statistics.forward, marks: port.farEndDSCP),
            reverse: DirectionDocument(statistics.reverse, marks: port.returnDSCP.isEmpty ? nil : port.returnDSCP),
            roundTrip: DirectionDocument(statistics.roundTrip, marks: nil),
            wire: WireMarksDocument(port.trail),
            // The scale begins at 0, though the model goes on below it.
            rFactor: statistics.rFactor.flatMap { max(0, $0).roundedIfFinite(to: 1) },
            mos: statistics.mos?.roundedIfFinite(to: 2)
        )
    }
}

extension ReachabilityDocument {
    init(_ reachability: Reachability, _ diagnosis: PortDiagnosis? = nil) {
        switch reachability {
        case .answered: self.init(state: .answered)
        case .refused(let source, let byEndpoint, let reason):
            self.init(state: .refused, reason: reason, icmpSource: source, byEndpoint: byEndpoint)
        case .silent: self.init(state: .silent)
        case .notSent(let reason): self.init(state: .notSent, reason: reason)
        }
        tried = diagnosis?.series.map(TriedDocument.init)
    }
}

extension PacketsDocument {
    init(_ packets: PacketCounts) {
        self.init(
            sent: packets.sent,
            forwardReceived: packets.forwardReceived,
            received: packets.received,
            duplicates: packets.duplicates,
            reordered: packets.reordered,
            late: packets.late
        )
    }
}

extension DirectionDocument {
    /// Nil where nothing at all is known of the direction.
    init?(_ direction: DirectionStatistics, marks: [DSCP: Int]?) {
        self.init(
            delayMilliseconds: direction.delay.map(DelayDocument.init),
            jitterMilliseconds: direction.jitter.map(JitterDocument.init),
            ipdvMilliseconds: direction.delayVariation.map(DelayVariationDocument.init),
            loss: direction.loss.map(LossDocument.init),
            reordered: direction.reordered,
            duplicates: direction.duplicates,
            dscp: marks.map { MarkingDocument.packetsByValue([$0]) }
        )
        if self == DirectionDocument() { return nil }
    }
}

extension DelayDocument {
    init(_ delay: DelayStatistics) {
        self.init(
            count: delay.count,
            min: delay.minimum.roundedMilliseconds,
            p50: delay.median.roundedMilliseconds,
            mean: delay.mean.roundedMilliseconds,
            p95: delay.p95.roundedMilliseconds,
            p99: delay.p99.roundedMilliseconds,
            max: delay.maximum.roundedMilliseconds,
            uncertainty: delay.uncertainty.roundedMilliseconds,
            p95Sampling: delay.p95Sampling.roundedMilliseconds
        )
    }
}

extension JitterDocument {
    init(_ jitter: JitterStatistics) {
        self.init(
            last: jitter.last.roundedMilliseconds,
            mean: jitter.mean.roundedMilliseconds,
            max: jitter.maximum.roundedMilliseconds,
            worst15s: jitter.worst15s?.roundedMilliseconds,
            uncertainty: jitter.uncertainty.roundedMilliseconds
        )
    }
}

extension DelayVariationDocument {
    init(_ variation: DelayVariationStatistics) {
        self.init(
            p50: variation.p50.roundedMilliseconds,
            p95: variation.p95.roundedMilliseconds,
            p99: variation.p99.roundedMilliseconds,
            max: variation.maximum.roundedMilliseconds
        )
    }
}

extension LossDocument {
    init(_ loss: LossStatistics) {
        self.init(
            offered: loss.offered,
            lost: loss.lost,
            unattributed: loss.unattributed,
            ratio: loss.ratio.roundedRatio,
            low: loss.low.roundedRatio,
            high: loss.high.roundedRatio,
            worst15s: loss.worst15s?.roundedRatio,
            worst200ms: loss.worst200ms?.roundedRatio,
            lossPeriods: loss.lossPeriods,
            longestLossPeriod: loss.longestLossPeriod,
            burstRatio: loss.burstRatio.rounded(to: 4)
        )
    }
}
