import ProbeCore
import Units

extension EndpointStatistics {
    /// Analyses the streams of one endpoint together, since they share the same two clocks.
    public static func analyse(
        _ observations: [StreamObservation],
        claims: ClockClaims,
        timestamps: TimestampQuality
    ) -> EndpointStatistics {
        EndpointStatistics(
            clock: nil,
            streams: [],
            worseDirectionDelay: nil,
            roundTripP95: nil,
            roundTripP95Interval: nil,
            forwardLoss: nil,
            reverseLoss: nil,
            roundTripLoss: nil
        )
    }
}
