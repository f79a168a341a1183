import ProbeCore
import Statistics
import Units

/// Writes records into a ring and reads them again, a hundred at a time.
func passThroughRing(_ count: Int) {
    let ring = PacketRing(capacity: 1_024)
    var sum: Int64 = 0
    for start in stride(from: 0, to: count, by: 100) {
        for number in start..<start + 100 {
            let at = WallInstant(nanosecondsSinceUnixEpoch: Int64(number))
            ring.push(.sent(stream: 0, sequence: UInt32(number), at: at, lateness: .zero, measured: true))
        }
        ring.drain { sum &+= $0.at }
    }
    precondition(sum == Int64(count) * Int64(count - 1) / 2 && ring.overflow == 0)
}

/// Analyses one stream of so many packets, with delays of 10 ms and some jitter, one packet in a hundred lost.
func analyse(packets: Int, times: Int) {
    let observation = sample(packets: packets)
    for _ in 0..<times {
        let statistics = EndpointStatistics.analyse(
            [observation],
            claims: ClockClaims(localError: .milliseconds(1), farError: .milliseconds(1)),
            timestamps: TimestampQuality(local: .microseconds(20), far: .microseconds(20)),
            reflectorIsStateful: true
        )
        precondition(statistics.streams.count == 1)
    }
}

private func sample(packets: Int) -> StreamObservation {
    var generator = FixedGenerator(state: 3)
    let epoch = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000)
    let interval = Nanoseconds.milliseconds(20)
    var sent: [SentPacket] = []
    var replies: [ReceivedReply] = []
    for number in 0..<packets {
        let leaves = epoch + interval * Int64(number)
        sent.append(SentPacket(sentAt: leaves, hasKernelTimestamp: true))
        if generator.next() % 100 == 0 { continue }
        let received = leaves + .milliseconds(10) + Nanoseconds(Int64(generator.next() % 2_000_000))
        let answered = received + .microseconds(30)
        let arrives = answered + .milliseconds(10) + Nanoseconds(Int64(generator.next() % 2_000_000))
        replies.append(
            ReceivedReply(
                sequence: UInt32(number),
                arrivedAt: arrives,
                hasKernelTimestamp: true,
                far: FarTimestamps(receivedAt: received, sentAt: answered),
                reflectorSequence: UInt32(replies.count)
            )
        )
    }
    return StreamObservation(
        interval: interval,
        replyTimeout: .seconds(2),
        sent: sent,
        replies: replies,
        measured: 0..<packets
    )
}
