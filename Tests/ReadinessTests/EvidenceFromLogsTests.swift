import Glibc
import ProbeCore
import Readiness
import Statistics
import Testing
import Units

/// What a probe's logs come to as evidence.
@Suite struct EvidenceFromLogsTests {
    private static let start = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000)
    private static func words(_ errno: Int32) -> String { "errno \(errno)" }

    private var log = ObservationLog(streams: 3, interval: .milliseconds(20), replyTimeout: .seconds(2))

    private func at(_ milliseconds: Double) -> WallInstant { Self.start + .milliseconds(rounding: milliseconds) }

    private mutating func send(_ count: Int, stream: UInt16 = 0, lateness: (Int) -> Int64 = { _ in 5 }) {
        for sequence in 0..<count {
            log.append(
                .sent(
                    stream: stream,
                    sequence: UInt32(sequence),
                    at: at(Double(sequence) * 20),
                    lateness: .microseconds(lateness(sequence)),
                    measured: sequence >= 2
                )
            )
        }
    }

    /// A reply 30 ms after its request, of which the far end kept it 1 ms, from a clock said to be right to 2 ms.
    private mutating func reply(_ sequence: UInt32, stream: UInt16 = 0, change: (inout PacketRecord) -> Void = { _ in })
    {
        let sent = Double(sequence) * 20
        var record = PacketRecord(kind: .reply, stream: stream, at: at(sent + 30))
        record.sequence = sequence
        record.reflectorSequence = sequence
        record.flags = [.farTimestamps, .kernelTimestamp, .farSynchronized]
        record.farClockError = 2_000_000
        record.farReceivedAt = at(sent + 10).nanosecondsSinceUnixEpoch
        record.farSentAt = at(sent + 11).nanosecondsSinceUnixEpoch
        change(&record)
        log.append(record)
    }

    private mutating func fail(_ errno: Int32, times: Int, stream: UInt16 = 0) {
        for _ in 0..<times { log.append(.sendFailed(stream: stream, at: Self.start, errno: errno)) }
    }

    private mutating func refuse(_ source: IPAddress, type: UInt8, code: UInt8, byEndpoint: Bool, times: Int = 1) {
        for _ in 0..<times {
            log.append(
                .unreachable(
                    stream: 0,
                    at: Self.start,
                    source: source,
                    type: type,
                    code: code,
                    fromEndpoint: byEndpoint
                )
            )
        }
    }

    private func clock(_ error: Nanoseconds? = .milliseconds(1)) -> LocalClock {
        LocalClock(synchronized: error != nil, maximumError: error, source: "test").during(log)
    }

    /// One port per stream, but the last two streams are two calls to one port.
    private var evidence: EndpointEvidence {
        EndpointEvidence(
            EndpointLogs(
                name: "stamp://far.example:3478-3479",
                address: "192.0.2.2",
                ports: [
                    .init(port: 3478, logs: [log.streams[0]]), .init(port: 3479, logs: Array(log.streams[1...])),
                ],
                authenticated: true
            ),
            clock: clock(),
            errorText: Self.words
        )
    }

    // MARK: - Ports

    @Test mutating func whoAnswersOnceIsReachable() {
        send(4)
        reply(3)
        refuse(IPAddress(ipv4: 0xc000_0201), type: 3, code: 3, byEndpoint: false)
        #expect(evidence.ports[0].reachability == .answered)
        #expect(evidence.authenticated && evidence.name == "stamp://far.example:3478-3479")
        #expect(evidence.address == "192.0.2.2")
        #expect(evidence.ports.map(\.port) == [3478, 3479])
    }

    @Test mutating func whoNeverAnswersIsSilent() {
        send(4)
        #expect(evidence.ports[0].reachability == .silent)
    }

    @Test mutating func theMostFrequentErrorSaysWhy() {
        send(4)
        refuse(IPAddress(ipv4: 0xc000_0201), type: 3, code: 13, byEndpoint: false)
        refuse(IPAddress(ipv4: 0xc000_0202), type: 3, code: 3, byEndpoint: true, times: 2)
        #expect(
            evidence.ports[0].reachability
                == .refused(source: "192.0.2.2", byEndpoint: true, reason: "port unreachable")
        )
    }

    /// An error that the endpoint sends about anything but its port does not say that nothing listens there.
    @Test mutating func onlyPortUnreachableIsTheEndpointsOwnRefusal() {
        send(4)
        refuse(IPAddress(ipv4: 0xc000_0202), type: 3, code: 13, byEndpoint: true)
        #expect(
            evidence.ports[0].reachability
                == .refused(source: "192.0.2.2", byEndpoint: false, reason: "administratively prohibited")
        )
    }

    @Test mutating func nothingSentNamesTheKernelsReason() {
        fail(ENOBUFS, times: 1)
        fail(ENETDOWN, times: 3)
        #expect(evidence.ports[0].reachability == .notSent(reason: Self.words(ENETDOWN)))
        #expect(evidence.ports[1].reachability == .notSent(reason: "this host was too busy"))
    }

    /// One call that got through speaks for the port that it shares.
    @Test mutating func callsToOnePortAreOnePort() {
        send(4, stream: 1)
        send(4, stream: 2)
        reply(2, stream: 2)
        fail(ENETUNREACH, times: 2, stream: 1)
        fail(ENETUNREACH, times: 3, stream: 2)
        #expect(evidence.ports[1].reachability == .answered)
        #expect(evidence.ports[1].linkFailures == [Self.words(ENETUNREACH): 5])
        #expect(evidence.ports[1].statistics.packets.sent == 4)
    }

    @Test mutating func marksOfAllCallsAreCounted() {
        for stream in [UInt16(1), 2] {
            send(4, stream: stream)
            for sequence in [UInt32(2), 3] {
                reply(sequence, stream: stream) {
                    $0.trafficClass = 46 << 2
                    $0.farTrafficClass = stream == 1 ? 0 : 46 << 2
                    $0.flags.insert(.farTrafficClass)
                }
            }
        }
        let port = evidence.ports[1]
        #expect(port.returnDSCP == [.expeditedForwarding: 4])
        #expect(port.farEndDSCP == [.expeditedForwarding: 2, .bestEffort: 2])
        #expect(!port.returnDSCPRefusedByPolicy)
        #expect(evidence.ports[0].farEndDSCP == nil)
    }

    // MARK: - Clocks

    @Test mutating func aStepWidensThisHostsClaim() {
        send(4)
        reply(3)
        for by in [Int64(-3_000_000), 500_000] {
            var step = PacketRecord(kind: .clockStep, stream: 0, at: at(5))
            step.value = by
            log.append(step)
        }
        let claims = ClockClaims(log.streams, localClock: clock())
        #expect(claims == ClockClaims(localError: .microseconds(4_500), farError: .milliseconds(2)))
        #expect(ClockClaims(log.streams, localClock: clock(nil)).localError == nil)
        #expect(clock().steps.map(\.by) == [.milliseconds(-3), .microseconds(500)])
    }

    @Test mutating func theFarEndsWidestClaimCounts() {
        for stream in [UInt16(0), 1] { send(4, stream: stream) }
        reply(2)
        reply(3) { $0.farClockError = 7_000_000 }
        reply(2, stream: 1)
        #expect(ClockClaims(log.streams, localClock: clock()).farError == .milliseconds(7))
        #expect(evidence.farClockError == .milliseconds(7))
        // One stream on which it does not claim anything takes the claim away.
        reply(3, stream: 1) { $0.flags.remove(.farSynchronized) }
        #expect(ClockClaims(log.streams, localClock: clock()).farError == nil)
    }

    @Test mutating func timestampsAreAsGoodAsMostOfThem() {
        send(4)
        for sequence in UInt32(0)..<4 { reply(sequence) }
        #expect(TimestampQuality(log.streams) == TimestampQuality(local: .milliseconds(1), far: .microseconds(100)))
        for sequence in UInt32(0)..<4 {
            log.append(.transmitted(stream: 0, sequence: sequence, at: at(Double(sequence) * 20)))
            log.append(
                .farTransmitted(
                    stream: 0,
                    reflectorSequence: sequence,
                    at: Self.start,
                    farSentAt: at(Double(sequence) * 20 + 11) + .microseconds(Int64(sequence))
                )
            )
        }
        #expect(TimestampQuality(log.streams) == TimestampQuality(local: .microseconds(20), far: .microseconds(20)))
        #expect(
            evidence.sendTimeCorrection
                == SendTimeCorrection(corrected: 4, replies: 4, median: .microseconds(2), maximum: .microseconds(3))
        )
    }

    // MARK: - The probe

    @Test mutating func latenessCountsWithoutTheLeadIn() {
        send(102) { $0 < 2 ? 9_000 : Int64($0) }
        let quality = ProbeQuality(log.streams, socketDrops: 3)
        #expect(quality.sendErrorMedian == .microseconds(52))
        #expect(quality.sendErrorP99 == .microseconds(101))
        #expect(quality.sendErrorMaximum == .microseconds(101))
        #expect(quality.socketDrops == 3)
        #expect(quality.kernelTimestampsRatio == 0)
    }

    /// A network that is down is the network's fault, a full queue or a missed slot this host's.
    @Test mutating func onlyThisHostsFaultsAreMissedSends() {
        send(3)
        fail(ENETDOWN, times: 5)
        fail(ENOBUFS, times: 2)
        log.append(PacketRecord(kind: .missed, stream: 1, at: Self.start))
        #expect(ProbeQuality(log.streams, socketDrops: 0).missedSends == 3)
        #expect(evidence.ports[0].linkFailures == [Self.words(ENETDOWN): 5])
        #expect(evidence.sendTimeCorrection == nil)
    }

    @Test func nothingMeasuredIsNothingClaimed() {
        let quality = ProbeQuality([], socketDrops: 0)
        #expect(quality.sendErrorMaximum == .zero && quality.missedSends == 0 && quality.kernelTimestampsRatio == 0)
    }
}
