import Readiness
import Statistics

/// A stretch of one stream in which windows of 15 s broke a bound, and what its packets did around it.
public struct IncidentDocument: Codable, Hashable, Sendable {
    public var endpoint: String
    /// The address that was measured.
    public var address: String
    public var port: UInt16
    /// Which of the port's streams, from 0: more than one only where calls were carried.
    public var stream: Int
    /// Where this host sent from; absent where it could not tell.
    public var localAddress: String?
    public var localPort: UInt16?
    /// From the beginning of the first window that broke a bound to the end of the last, on the run's own clock.
    public var from: UTCTime
    public var until: UTCTime
    /// Between packets, as asked for.
    public var intervalMilliseconds: Double
    /// Worst first.
    public var broken: [BrokenBoundDocument]
    /// The two clocks over the packets that the incident was found in; absent where the far end told no times, and then
    /// there are no one-way delays.
    public var clockOffset: ClockOffsetDocument?
    /// Each one-way delay of the packets is right to within ± this, all by the same error: differences are far better.
    public var oneWayUncertaintyMilliseconds: Double?
    /// Absent where there was no room left for them.
    public var packets: IncidentPacketsDocument?

    enum CodingKeys: String, CodingKey {
        case endpoint, address, port, stream, from, until, broken, packets
        case localAddress = "local_address"
        case localPort = "local_port"
        case intervalMilliseconds = "interval_ms"
        case clockOffset = "clock_offset"
        case oneWayUncertaintyMilliseconds = "one_way_uncertainty_ms"
    }
}

/// A window of 15 s that broke a bound.
public struct BrokenBoundDocument: Codable, Hashable, Sendable {
    public enum Bound: String, Codable, Hashable, Sendable, CaseIterable {
        case target, limit
    }

    /// `jitter` (the mean of J in the window), `loss`, `latency_one_way` or `round_trip`.
    public var criterion: String
    /// `forward` or `reverse`; absent where it is the round trip's.
    public var direction: String?
    /// Which statistic of delay: p50, p95, p99, max or mean; absent for jitter and loss.
    public var statistic: String?
    public var value: Double
    public var unit: String
    /// The low and the high end that clocks, timestamps and unknown directions leave to it.
    public var interval: [Double]
    /// The harder of the two that the value is at or above.
    public var bound: Bound
    public var target: Double
    public var limit: Double
    /// The whole interval is at or above the bound.
    public var proven: Bool
    public var from: UTCTime
    public var until: UTCTime

    enum CodingKeys: String, CodingKey {
        case criterion, direction, statistic, value, unit, interval, bound, target, limit, proven, from, until
    }
}

/// Packets in a compact text: ``PacketRecord`` tells its form.
public struct IncidentPacketsDocument: Codable, Hashable, Sendable {
    /// `linecheck.packets/1`.
    public var format: String
    /// What they cover: 30 s before the incident to 30 s after it, as far as there were any, and not more than two
    /// minutes.
    public var from: UTCTime
    public var until: UTCTime
    public var count: Int
    /// Base64.
    public var data: String

    enum CodingKeys: String, CodingKey {
        case format, from, until, count, data
    }

    /// - Throws: ``PacketRecordRefusal``.
    public func record() throws(PacketRecordRefusal) -> PacketRecord {
        guard format == PacketRecord.format else { throw .wrongVersion }
        return try PacketRecord(text: data)
    }
}

/// What there was no room for.
public struct IncidentsLeftOutDocument: Codable, Hashable, Sendable {
    /// Incidents that are not there at all; they are less bad than those that are.
    public var incidents: Int
    /// Incidents that are there without their packets.
    public var packetRecords: Int

    public init(incidents: Int, packetRecords: Int) {
        self.incidents = incidents
        self.packetRecords = packetRecords
    }

    enum CodingKeys: String, CodingKey {
        case incidents
        case packetRecords = "packet_records"
    }
}

extension ResultDocument {
    /// The same without the packets of its incidents, which it says; nil where it has none.
    public var withoutPackets: ResultDocument? {
        guard let incidents, incidents.contains(where: { $0.packets != nil }) else { return nil }
        var document = self
        document.incidents = incidents.map { incident in
            var incident = incident
            incident.packets = nil
            return incident
        }
        document.incidentsLeftOut = IncidentsLeftOutDocument(
            incidents: incidentsLeftOut?.incidents ?? 0,
            packetRecords: incidents.count
        )
        return document
    }
}
