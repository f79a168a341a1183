import Capture
import ProbeCore
import Readiness
import Units

extension CheckEvidence {
    /// Adds what is known of marks beyond their counts: their order in time, and what was captured on the wire.
    ///
    /// - Parameter ports: by endpoint and port, the logs of the streams to it, in the order of the run's streams.
    mutating func add(_ measurement: Measurement, ports: [[[StreamLog]]]) {
        capture = measurement.capture.evidence
        let onWire = Self.marksOnWire(measurement, ports.joined().map(\.count))
        var index = 0
        for endpoint in endpoints.indices {
            for port in endpoints[endpoint].ports.indices {
                var trail = MarkTrail(ports[endpoint][port])
                trail.egress = onWire.map { $0[index].egress }
                trail.returnedOnWire = onWire.map { $0[index].returned }
                endpoints[endpoint].ports[port].trail = trail
                index += 1
            }
        }
    }

    /// By port; nil where nothing was captured.
    ///
    /// - Parameter masks: what hides the numbers of each stream's packets, where the captures did not see its first.
    static func marksOnWire(
        _ measurement: Measurement,
        _ streamsPerPort: [Int],
        masks: [UInt32?]? = nil
    ) -> [CaptureLog.Marks]? {
        guard case .captured = measurement.capture.evidence else { return nil }
        let groups = streamsPerPort.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
        let measured = measurement.log.streams.map(\.measuredNumbers)
        let period = min(measurement.startedAt, measurement.endedAt)...measurement.endedAt
        return measurement.capture.logs.marks(
            groups: groups,
            measured: measured,
            period: period,
            masks: masks
        )
    }
}
