import Readiness
import Statistics
import Units

/// One port of a check that never took place, with the numbers that a test cares about.
struct SampleStream {
    var port: UInt16 = 3478
    var reachability = Reachability.answered
    var sent = 3_000
    var forwardLost = 0
    var reverseLost = 0
    var unattributed = 0
    /// p95 of each direction, ms.
    var forwardDelay = 12.3
    var reverseDelay = 11.0
    /// Half-width of the p95's sampling interval, ms.
    var sampling = 0.1
    var singletons: Int?
    /// Worst 15 s of each direction, ms.
    var forwardJitter = 1.2
    var reverseJitter = 0.9
    var jitterUncertainty = 0.05
    var lossWorst15s: Double?
    var lossWorst200ms: Double?
    var reordered = 0
    var duplicates = 0
    /// Nil where the far end does not report it.
    var farEndDSCP: [Int: Int]? = [46: 3_000]
    var returnDSCP: [Int: Int] = [46: 3_000]
    var returnRefused = false
    var refusedReplies: [String: Int] = [:]
    var linkFailures: [String: Int] = [:]
    var trail = MarkTrail()
}

/// One endpoint of such a check.
struct SampleEndpoint {
    var name = "stamp://reflect.example.net:3478-3481"
    var address = "192.0.2.10"
    var streams = (3478...3481).map { SampleStream(port: UInt16($0)) }
    /// Nil where the far end gives no times.
    var method: DelayMethod? = .synchronized
    /// Of the clocks, ms.
    var uncertainty = 0.4
    /// Whether the far end counts what arrives.
    var isStateful = true
    /// Whether the run reached 15 s.
    var hasWindow = true
    /// p95 of the round trip and of the worse direction, ms; made up from the streams where nil.
    var roundTrip: ClosedRange<Double>?
    var worseDelay: ClosedRange<Double>?
    var burstRatio = 1.0
    var longestRun = 1
    var steps: [ClockStep] = []
    var contradicted = false
    var access = AccessEvidence()
}

struct SampleCheck {
    var endpoints = [SampleEndpoint()]
    var quality = ProbeQuality(
        sendErrorMedian: .microseconds(40),
        sendErrorP99: .microseconds(310),
        sendErrorMaximum: .microseconds(900),
        missedSends: 0,
        kernelTimestampsRatio: 1,
        socketDrops: 0
    )
    var clock = LocalClock(synchronized: true, maximumError: .microseconds(200), source: "kernel (chrony)")
    var requiredDSCP: DSCP? = .expeditedForwarding
    var duration = Nanoseconds.seconds(60)
    var intendedDuration = Nanoseconds.seconds(60)
    var capture = CaptureEvidence.off

    var evidence: CheckEvidence {
        CheckEvidence(
            endpoints: endpoints.map(\.evidence),
            probeQuality: quality,
            clock: clock,
            requiredDSCP: requiredDSCP,
            duration: duration,
            intendedDuration: intendedDuration,
            interval: .milliseconds(20),
            capture: capture
        )
    }

    /// A check of one endpoint, changed by a test.
    static func of(_ change: (inout SampleEndpoint) -> Void) -> SampleCheck {
        var check = SampleCheck()
        change(&check.endpoints[0])
        return check
    }
}

func ms(_ value: Double) -> Nanoseconds { .milliseconds(rounding: value) }

// MARK: Statistics of it

extension SampleEndpoint {
    var evidence: EndpointEvidence {
        EndpointEvidence(
            name: name,
            address: address,
            ports: streams.map { $0.evidence(in: self) },
            statistics: statistics,
            authenticated: false,
            farClockError: method == .synchronized ? .microseconds(200) : nil,
            sendTimeCorrection: method == .synchronized
                ? SendTimeCorrection(
                    corrected: 11_996,
                    replies: 12_000,
                    median: .microseconds(9),
                    maximum: .microseconds(80)
                )
                : nil,
            access: access
        )
    }

    private var answered: [SampleStream] { streams.filter { $0.reachability == .answered } }

    private var statistics: EndpointStatistics {
        let trip = answered.map { $0.forwardDelay + $0.reverseDelay }.max() ?? 0
        let tripInterval = roundTrip ?? (trip - 0.2)...(trip + 0.2)
        let isKnown = !answered.isEmpty
        return EndpointStatistics(
            clock: isKnown ? clock : nil,
            streams: streams.map { $0.statistics(in: self) },
            worseDirectionDelay: isKnown ? worseDelay(tripInterval) : nil,
            roundTripP95: isKnown ? ms((tripInterval.lowerBound + tripInterval.upperBound) / 2) : nil,
            roundTripP95Interval: isKnown ? ms(tripInterval.lowerBound)...ms(tripInterval.upperBound) : nil,
            forwardLoss: isKnown && isStateful ? loss(\.forwardLost) : nil,
            reverseLoss: isKnown && isStateful ? loss(\.reverseLost) : nil,
            roundTripLoss: isKnown ? loss(\.bothLost) : nil
        )
    }

    private var clock: ClockRelation? {
        method.map {
            ClockRelation(
                method: $0,
                offset: ms(-1.234),
                uncertainty: ms(uncertainty),
                skewPPM: 3.1,
                skewUncertaintyPPM: 0.4,
                steps: steps,
                claimsContradicted: contradicted
            )
        }
    }

    private func worseDelay(_ trip: ClosedRange<Double>) -> WorseDirectionDelay {
        let forward = answered.map(\.forwardDelay).max() ?? 0
        let reverse = answered.map(\.reverseDelay).max() ?? 0
        let worse = max(forward, reverse)
        let sampling = answered.map(\.sampling).max() ?? 0
        let interval =
            worseDelay.map { ms($0.lowerBound)...ms($0.upperBound) }
            ?? (method == nil
                ? ms(trip.lowerBound / 2)...ms(trip.upperBound)
                : ms(worse - uncertainty - sampling)...ms(worse + uncertainty + sampling))
        return WorseDirectionDelay(
            value: method == nil ? ms(trip.lowerBound / 2) : ms(worse),
            interval: interval,
            direction: forward >= reverse ? .forward : .reverse
        )
    }

    private func loss(_ lost: KeyPath<SampleStream, Int>) -> LossStatistics {
        let isRoundTrip = lost == \SampleStream.bothLost
        return loss(answered.map { $0[keyPath: lost] }.reduce(0, +), answered, allAttributed: isRoundTrip)
    }

    func loss(_ lost: Int, _ streams: [SampleStream], allAttributed: Bool = false) -> LossStatistics {
        let offered = streams.map(\.sent).reduce(0, +)
        let unattributed = allAttributed ? 0 : streams.map(\.unattributed).reduce(0, +)
        let bounds = SampleBounds.loss(lost, unattributed: unattributed, of: offered, burstRatio: burstRatio)
        return LossStatistics(
            offered: offered,
            lost: lost,
            unattributed: unattributed,
            ratio: Double(lost) / Double(max(offered, 1)),
            low: bounds.lowerBound,
            high: bounds.upperBound,
            worst15s: hasWindow ? streams.compactMap(\.lossWorst15s).max() ?? 0 : nil,
            worst200ms: streams.compactMap(\.lossWorst200ms).max() ?? 0,
            lossPeriods: lost == 0 ? 0 : max(1, lost / longestRun),
            longestLossPeriod: lost == 0 ? 0 : longestRun,
            burstRatio: lost == 0 ? 1 : burstRatio
        )
    }
}

extension SampleStream {
    /// Of the round trip, in which no loss is of unknown direction.
    var bothLost: Int { forwardLost + reverseLost + unattributed }

    func evidence(in endpoint: SampleEndpoint) -> PortEvidence {
        func marks(_ counts: [Int: Int]) -> [DSCP: Int] {
            Dictionary(uniqueKeysWithValues: counts.compactMap { value, count in DSCP(value).map { ($0, count) } })
        }
        let isAnswered = reachability == .answered
        return PortEvidence(
            port: port,
            reachability: reachability,
            statistics: statistics(in: endpoint),
            farEndDSCP: isAnswered ? farEndDSCP.map(marks) : nil,
            returnDSCP: isAnswered ? marks(returnDSCP) : [:],
            returnDSCPRefusedByPolicy: returnRefused,
            refusedReplies: refusedReplies,
            linkFailures: linkFailures,
            trail: trail
        )
    }

    func statistics(in endpoint: SampleEndpoint) -> StreamStatistics {
        let isAnswered = reachability == .answered
        let empty = DirectionStatistics(
            delay: nil,
            jitter: nil,
            delayVariation: nil,
            loss: nil,
            reordered: nil,
            duplicates: nil
        )
        return StreamStatistics(
            packets: PacketCounts(
                sent: sent,
                forwardReceived: isAnswered && endpoint.isStateful ? sent - forwardLost : nil,
                received: isAnswered ? sent - bothLost : 0,
                duplicates: duplicates,
                reordered: reordered,
                late: 0
            ),
            method: isAnswered ? endpoint.method ?? .halfRoundTrip : nil,
            forward: isAnswered ? forward(in: endpoint) : empty,
            reverse: isAnswered ? reverse(in: endpoint) : empty,
            roundTrip: isAnswered ? roundTrip(in: endpoint) : empty,
            rFactor: isAnswered ? 93.2 : nil,
            mos: isAnswered ? 4.41 : nil
        )
    }

    private func forward(in endpoint: SampleEndpoint) -> DirectionStatistics {
        direction(forwardDelay, forwardJitter, forwardLost, reordered, duplicates, endpoint)
    }

    private func reverse(in endpoint: SampleEndpoint) -> DirectionStatistics {
        direction(reverseDelay, reverseJitter, reverseLost, 0, 0, endpoint)
    }

    private func roundTrip(in endpoint: SampleEndpoint) -> DirectionStatistics {
        DirectionStatistics(
            delay: delay(forwardDelay + reverseDelay, uncertainty: 0.02),
            jitter: jitter(forwardJitter + reverseJitter, endpoint),
            delayVariation: nil,
            loss: endpoint.loss(bothLost, [self]),
            reordered: nil,
            duplicates: nil
        )
    }

    private func direction(
        _ p95: Double,
        _ worst: Double,
        _ lost: Int,
        _ reordered: Int,
        _ duplicates: Int,
        _ endpoint: SampleEndpoint
    ) -> DirectionStatistics {
        let hasTimes = endpoint.method != nil
        return DirectionStatistics(
            delay: hasTimes ? delay(p95, uncertainty: endpoint.uncertainty) : nil,
            jitter: hasTimes ? jitter(worst, endpoint) : nil,
            delayVariation: hasTimes
                ? DelayVariationStatistics(p50: ms(0.4), p95: ms(2.1), p99: ms(3.3), maximum: ms(5)) : nil,
            loss: endpoint.isStateful ? endpoint.loss(lost, [self]) : nil,
            reordered: endpoint.isStateful ? reordered : nil,
            duplicates: endpoint.isStateful ? duplicates : nil
        )
    }

    private func delay(_ p95: Double, uncertainty: Double) -> DelayStatistics {
        DelayStatistics(
            count: singletons ?? sent - bothLost,
            minimum: ms(p95 * 0.8),
            median: ms(p95 * 0.9),
            mean: ms(p95 * 0.91),
            p95: ms(p95),
            p99: ms(p95 * 1.1),
            maximum: ms(p95 * 1.5),
            uncertainty: ms(uncertainty),
            p95Sampling: ms(p95 - sampling)...ms(p95 + sampling)
        )
    }

    private func jitter(_ worst: Double, _ endpoint: SampleEndpoint) -> JitterStatistics {
        JitterStatistics(
            last: ms(worst * 0.7),
            mean: ms(worst * 0.8),
            maximum: ms(worst * 2),
            worst15s: endpoint.hasWindow ? ms(worst) : nil,
            uncertainty: ms(jitterUncertainty)
        )
    }
}
