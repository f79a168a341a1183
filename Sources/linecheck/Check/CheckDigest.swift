import Capture
import LinuxNet
import ProbeCore
import Readiness
import Statistics
import Units

/// What a check comes to whose packets are too many to be kept until its end: put together part by part while it runs.
struct CheckDigest {
    private let assembly: EvidenceAssembly
    /// What the streams counted so far, without their packets.
    private(set) var totals = ObservationLog.totals
    private var endpoints: [EndpointEvidenceDigest]
    /// By target; empty where there is no control port.
    private var controls: [EndpointEvidenceDigest]
    private var quality = ProbeQualityDigest()
    /// By target.
    private(set) var rates: [RateShares]
    private(set) var incidents: [IncidentEvidence] = []
    private var capture = CaptureDigest()

    /// The packets of so many incidents are kept: as many as a result shows.
    private static let mostRecords = 16

    init(_ assembly: EvidenceAssembly) {
        self.assembly = assembly
        let targets = assembly.load.targets
        endpoints = targets.map { _ in EndpointEvidenceDigest() }
        controls = endpoints
        rates = targets.map { _ in RateShares() }
    }

    /// Takes the next part of the check.
    mutating func add(_ part: Measurement) {
        totals.addTotals(of: part.log)
        let clock = assembly.localClock.during(totals)
        let steps = assembly.localClock.during(part.log).steps
        let measured = assembly.measured(part.log)
        for (index, measured) in measured.enumerated() {
            endpoints[index].add(assembly.logs(of: measured), clock: clock, steps: steps)
            rates[index].add(measured.ports.flatMap(\.logs), interval: assembly.pace.interval(measured.target))
        }
        for (target, logs) in assembly.controlLogs(part.log) { controls[target].add(logs, clock: clock, steps: steps) }
        quality.add(part.log.streams)
        capture.add(part, ports: measured.flatMap { $0.ports.map(\.logs.count) })
        add(assembly.incidents(part, measured))
    }

    /// Incidents after the worst ones are kept without their packets.
    private mutating func add(_ found: [IncidentEvidence]) {
        guard !found.isEmpty else { return }
        incidents = (incidents + found).sorted { BrokenBound.isWorse($0.incident.worst, $1.incident.worst) }
        for index in incidents.indices.dropFirst(Self.mostRecords) { incidents[index].incident.packets = [] }
    }

    /// What the whole check comes to; marks that were captured on the wire are among it.
    ///
    /// - Parameter measured: the streams' totals.
    func evidence(_ measured: [EvidenceAssembly.Measured], _ outcome: ProbeOutcome) -> CheckEvidence {
        let clock = assembly.localClock.during(totals)
        var evidence = assembly.evidence(
            endpoints: zip(endpoints, measured).map { digest, measured in
                digest.evidence(totals: assembly.logs(of: measured), clock: clock, errorText: SystemError.reason)
            },
            quality: quality.quality(totals: totals.streams, socketDrops: outcome.socketDrops),
            clock: clock,
            measuredRounds: outcome.measuredRounds
        )
        capture.describe(&evidence)
        return evidence
    }

    /// What the packets to a target's control port came to; nil where it has none.
    func control(of target: Int) -> EndpointEvidence? {
        assembly.controlLogs(totals)[target].map {
            controls[target].evidence(
                totals: $0,
                clock: assembly.localClock.during(totals),
                errorText: SystemError.reason
            )
        }
    }
}

/// What the captures of a check's parts saw.
private struct CaptureDigest {
    private var evidence: CaptureEvidence?
    /// By port of all endpoints; empty where nothing was captured.
    private var marks: [CaptureLog.Marks] = []
    /// What hides the numbers of each stream's packets, which only its first request shows.
    private var masks: [UInt32?]?

    mutating func add(_ part: Measurement, ports: [Int]) {
        let found = part.capture.evidence
        evidence = evidence.map { $0.followed(by: found) } ?? found
        masks = masks ?? part.capture.logs.masks(streams: part.log.streams.count)
        guard let more = CheckEvidence.marksOnWire(part, ports, masks: masks) else { return }
        if marks.isEmpty { marks = ports.map { _ in CaptureLog.Marks() } }
        for (index, more) in more.enumerated() {
            marks[index].egress.append(more.egress)
            marks[index].returned.append(more.returned)
        }
    }

    func describe(_ check: inout CheckEvidence) {
        check.capture = evidence ?? .off
        guard !marks.isEmpty else { return }
        if case .captured(var record) = check.capture {
            // The captures of neighbouring parts overlap: of the packets that count each is counted once.
            record.packets = marks.reduce(0) { $0 + $1.egress.packets + $1.returned.packets }
            check.capture = .captured(record)
        }
        var rest = marks[...]
        for endpoint in check.endpoints.indices {
            for port in check.endpoints[endpoint].ports.indices {
                guard let own = rest.popFirst() else { return }
                check.endpoints[endpoint].ports[port].trail.egress = own.egress
                check.endpoints[endpoint].ports[port].trail.returnedOnWire = own.returned
            }
        }
    }
}

extension CaptureEvidence {
    /// With that of the part of the check that follows.
    fileprivate func followed(by later: CaptureEvidence) -> CaptureEvidence {
        switch (self, later) {
        case (.captured(var record), .captured(let more)):
            record.interfaces += more.interfaces.filter { !record.interfaces.contains($0) }
            record.packets += more.packets
            record.dropped += more.dropped
            record.failure = record.failure ?? more.failure
            return .captured(record)
        case (.captured(var record), .unavailable(let reason, _)), (.unavailable(let reason, _), .captured(var record)):
            record.failure = record.failure ?? reason
            return .captured(record)
        default: return self
        }
    }
}
