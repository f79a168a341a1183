import Readiness
import Statistics
import Units

/// The incidents of a check as its result has them: never more than a result may carry, however bad the line was.
struct AttachedIncidents {
    /// The most that one result lists.
    static let greatestCount = 16
    /// The most that the texts of all packet records of one result take together.
    static let greatestOctets = 96 * 1_024
    /// A record too long for the room that is left is cut down to this around the worst window, on either side.
    private static let narrowMargin = Nanoseconds.seconds(5)

    /// Nil where there are none.
    let documents: [IncidentDocument]?
    let leftOut: IncidentsLeftOutDocument?

    init(_ incidents: [IncidentEvidence]) {
        let worst = incidents.sorted { BrokenBound.isWorse($0.incident.worst, $1.incident.worst) }
        var room = Self.greatestOctets
        let documents = worst.prefix(Self.greatestCount).map { evidence in
            var document = IncidentDocument(evidence)
            document.packets = Self.packets(of: evidence.incident, within: room)
            room -= document.packets?.data.utf8.count ?? 0
            return document
        }
        self.documents = documents.isEmpty ? nil : documents
        let left = IncidentsLeftOutDocument(
            incidents: max(0, incidents.count - Self.greatestCount),
            packetRecords: documents.count { $0.packets == nil }
        )
        leftOut = left.incidents + left.packetRecords > 0 ? left : nil
    }

    private static func packets(of incident: Incident, within room: Int) -> IncidentPacketsDocument? {
        let window = incident.worst
        let narrow = incident.packets.filter {
            window.from - narrowMargin <= $0.sentAt && $0.sentAt < window.until + narrowMargin
        }
        for packets in [incident.packets, narrow] {
            let document = IncidentPacketsDocument(packets, interval: incident.interval)
            if let document, document.data.utf8.count <= room { return document }
        }
        return nil
    }
}

extension IncidentPacketsDocument {
    /// Nil without packets.
    init?(_ packets: [KeptPacket], interval: Nanoseconds) {
        guard let first = packets.first, let last = packets.last else { return nil }
        self.init(
            format: PacketRecord.format,
            from: UTCTime(first.sentAt),
            until: UTCTime(last.sentAt + interval),
            count: packets.count,
            data: PacketRecord(packets: packets, interval: interval).text
        )
    }
}

extension IncidentDocument {
    fileprivate init(_ evidence: IncidentEvidence) {
        let incident = evidence.incident
        self.init(
            endpoint: evidence.endpoint,
            address: evidence.address,
            port: evidence.port,
            stream: incident.stream,
            localAddress: evidence.local?.address,
            localPort: evidence.local?.port,
            from: UTCTime(incident.from),
            until: UTCTime(incident.until),
            intervalMilliseconds: incident.interval.roundedMilliseconds,
            broken: incident.broken.map(BrokenBoundDocument.init),
            clockOffset: incident.clock.map(ClockOffsetDocument.init),
            oneWayUncertaintyMilliseconds: incident.oneWayUncertainty?.roundedMilliseconds
        )
    }
}

extension BrokenBoundDocument {
    fileprivate init(_ broken: BrokenBound) {
        let metric = broken.bound.metric
        func written(_ value: Double) -> Double { metric == .loss ? value.roundedRatio : value.rounded(to: 4) }
        self.init(
            criterion: metric.rawValue,
            direction: broken.direction?.rawValue,
            statistic: Self.statistic(broken.bound),
            value: written(broken.value),
            unit: (metric == .loss ? Criterion.Unit.ratio : .milliseconds).rawValue,
            interval: [written(broken.interval.lowerBound), written(broken.interval.upperBound)],
            bound: broken.isOverLimit ? .limit : .target,
            target: broken.bound.target,
            limit: broken.bound.limit,
            proven: broken.isProven,
            from: UTCTime(broken.from),
            until: UTCTime(broken.until)
        )
    }

    private static func statistic(_ bound: WindowBound) -> String? {
        switch bound.metric {
        case .jitter, .loss: nil
        case .latencyOneWay, .roundTrip: bound.percentile.map { $0 == 100 ? "max" : "p\($0)" } ?? "mean"
        }
    }
}
