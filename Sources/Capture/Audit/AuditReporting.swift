import Readiness
import Results
import Units

extension AuditDocument {
    /// What an audit says beyond what it counted.
    public struct Description: Sendable {
        public var version: String
        public var agent: String
        public var source: AuditSource
        public var media: AuditMedia
        public var graded: Set<MediaDirection>
        /// Nil for files.
        public var statistics: PacketSource.Statistics?

        public init(
            version: String,
            agent: String,
            source: AuditSource,
            media: AuditMedia,
            graded: Set<MediaDirection>,
            statistics: PacketSource.Statistics?
        ) {
            self.version = version
            self.agent = agent
            self.source = source
            self.media = media
            self.graded = graded
            self.statistics = statistics
        }
    }

    public init(_ audit: MediaAudit, _ description: Description) {
        let statistics = description.statistics
        let verdict = AuditVerdict(audit, graded: description.graded, dropped: statistics?.dropped)
        self.init(
            version: description.version,
            agent: description.agent,
            source: description.source,
            startedAt: audit.firstAt.map(UTCTime.init),
            endedAt: audit.lastAt.map(UTCTime.init),
            grade: verdict.grade,
            packets: AuditPackets(
                captured: audit.frames,
                media: audit.media,
                dropped: statistics?.dropped,
                droppedByInterface: statistics?.droppedByInterface,
                withoutUDP: audit.refused.byCode
            ),
            media: description.media,
            classes: audit.classDocuments(graded: description.graded),
            hosts: audit.hostDocuments,
            otherHosts: audit.otherHosts,
            findings: verdict.findings
        )
    }
}

extension MediaAudit {
    private func name(_ index: Int) -> String {
        index < rules.classes.count ? rules.classes[index].name : "unclassed"
    }

    /// Every class in both directions, seen or not; media of no class only where there was any.
    fileprivate func classDocuments(graded: Set<MediaDirection>) -> [AuditClass] {
        (0...rules.classes.count).flatMap { index in
            MediaDirection.allCases.compactMap { direction -> AuditClass? in
                let mediaClass = index < rules.classes.count ? rules.classes[index] : nil
                let slot = Self.slot(index, direction)
                let stream = streams[slot]
                guard mediaClass != nil || stream.tally.packets > 0 else { return nil }
                return AuditClass(
                    name: name(index),
                    direction: direction.rawValue,
                    clientPorts: mediaClass?.clientPorts.text,
                    requiredDSCP: mediaClass.map { Int($0.required.value) },
                    isGraded: mediaClass != nil && graded.contains(direction),
                    hosts: hosts.tallies(in: slot).count { $0.tally.packets > 0 },
                    octets: stream.octets,
                    counts: AuditCounts(stream.tally),
                    dscp: stream.series.counts,
                    ecn: stream.series.ecnCounts
                )
            }
        }
    }

    fileprivate var hostDocuments: [AuditHost] {
        hosts.hosts.map { (key: $0.key, off: off($0.value), document: document($0.key.description, $0.value)) }
            .sorted { $0.off == $1.off ? $0.key.order < $1.key.order : $0.off > $1.off }
            .map(\.document)
    }

    fileprivate var otherHosts: AuditHost? {
        hosts.others.contains { $0.packets > 0 } ? document(nil, hosts.others) : nil
    }

    /// Packets of a host that should be marked otherwise.
    private func off(_ tallies: [MarkTally]) -> Int {
        tallies.prefix(rules.classes.count * 2).reduce(0) { $0 &+ $1.wrong &+ $1.unmarked }
    }

    private func document(_ address: String?, _ tallies: [MarkTally]) -> AuditHost {
        let classes = (0...rules.classes.count).flatMap { index in
            MediaDirection.allCases.compactMap { direction -> AuditHost.Class? in
                let tally = tallies[Self.slot(index, direction)]
                guard tally.packets > 0 else { return nil }
                return AuditHost.Class(
                    name: name(index),
                    direction: direction.rawValue,
                    counts: AuditCounts(tally),
                    marks: tally.marks.map { Int($0.value) }
                )
            }
        }
        return AuditHost(address: address, classes: classes)
    }
}

extension AuditCounts {
    fileprivate init(_ tally: MarkTally) {
        self.init(packets: tally.packets, marked: tally.marked, wrong: tally.wrong, unmarked: tally.unmarked)
    }
}
