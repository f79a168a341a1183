import ProbeCore
import Statistics
import Units

extension EndpointLogs {
    /// The windows of 15 s in which this endpoint's streams broke a bound of the profile, worst first.
    ///
    /// - Parameters:
    ///   - clock: this host's during the run, its steps included.
    ///   - locals: by port, then by stream: where this host sent from.
    public func incidents(
        profile: Profile,
        clock: LocalClock,
        locals: [[IncidentEvidence.LocalTransport?]]
    ) -> [IncidentEvidence] {
        let logs = logs
        let search = IncidentSearch(bounds: profile.windowBounds)
        let found = search.incidents(
            in: ports.map { $0.logs.map(WatchedStream.init) },
            claims: ClockClaims(logs, localClock: clock),
            timestamps: TimestampQuality(logs),
            reflectorIsStateful: logs.contains(where: \.showsStatefulReflector)
        )
        return found.map { incident in
            let local = locals.indices.contains(incident.port) ? locals[incident.port] : []
            return IncidentEvidence(
                endpoint: name,
                address: address,
                port: ports[incident.port].port,
                local: local.indices.contains(incident.stream) ? local[incident.stream] : nil,
                incident: incident
            )
        }
    }
}

extension WatchedStream {
    init(_ log: StreamLog) {
        let marks = log.marksByPacket().map { marks in
            marks.map { marks in
                PacketMarks(
                    far: marks.far.map(DSCP.init(trafficClass:)),
                    returned: DSCP(trafficClass: marks.returned)
                )
            }
        }
        let observation = log.observation()
        self.init(observation, firstSequence: observation.firstSequence, marks: marks)
    }
}
