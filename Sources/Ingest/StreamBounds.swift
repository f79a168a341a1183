import Results

extension Bounds {
    mutating func check(_ stream: StreamDocument, _ place: @autoclosure () -> String) {
        present("\(place()).endpoint", stream.endpoint)
        present("\(place()).address", stream.address)
        require(stream.port != 0, "\(place()).port: 0 is outside 1 to 65535")
        positive("\(place()).interval_ms", stream.intervalMilliseconds)
        count("\(place()).payload_bytes", stream.payloadBytes)
        require((0...63).contains(stream.dscp), "\(place()).dscp: \(stream.dscp) is outside 0 to 63")
        size("\(place()).duration_s", stream.durationSeconds)
        if let calls = stream.calls { require(calls >= 2, "\(place()).calls: \(calls) is below 2") }
        counts("\(place()).refused_replies", stream.refusedReplies)
        if let method = stream.method {
            word("\(place()).method", method, ["synchronized", "rtt_bounded", "half_round_trip"])
        }
        check(stream.packets, "\(place()).packets")
        check(stream.forward, "\(place()).forward")
        check(stream.reverse, "\(place()).reverse")
        check(stream.roundTrip, "\(place()).round_trip")
        if let rFactor = stream.rFactor {
            require((0...100).contains(rFactor), "\(place()).r_factor: \(rFactor) is outside 0 to 100")
        }
        if let mos = stream.mos { require((1...5).contains(mos), "\(place()).mos: \(mos) is outside 1 to 5") }
    }

    private mutating func check(_ packets: PacketsDocument, _ place: @autoclosure () -> String) {
        count("\(place()).sent", packets.sent)
        count("\(place()).forward_received", packets.forwardReceived)
        count("\(place()).received", packets.received)
        count("\(place()).duplicates", packets.duplicates)
        count("\(place()).reordered", packets.reordered)
        count("\(place()).late", packets.late)
    }

    private mutating func check(_ direction: DirectionDocument?, _ place: @autoclosure () -> String) {
        guard let direction else { return }
        if let delay = direction.delayMilliseconds { check(delay, "\(place()).delay_ms") }
        if let jitter = direction.jitterMilliseconds {
            for value in [jitter.last, jitter.mean, jitter.max, jitter.worst15s, jitter.uncertainty] {
                size("\(place()).jitter_ms", value)
            }
        }
        if let loss = direction.loss { check(loss, "\(place()).loss") }
        count("\(place()).reordered", direction.reordered)
        count("\(place()).duplicates", direction.duplicates)
        marks("\(place()).dscp", direction.dscp)
    }

    private mutating func check(_ delay: DelayDocument, _ place: @autoclosure () -> String) {
        count("\(place()).count", delay.count)
        for value in [delay.min, delay.p50, delay.mean, delay.p95, delay.p99, delay.max, delay.uncertainty] {
            size(place(), value)
        }
        require(delay.p95Sampling.count == 2, "\(place()).p95_sampling: has not 2 ends")
        for value in delay.p95Sampling { size("\(place()).p95_sampling", value) }
    }

    private mutating func check(_ loss: LossDocument, _ place: @autoclosure () -> String) {
        count("\(place()).offered", loss.offered)
        count("\(place()).lost", loss.lost)
        count("\(place()).unattributed", loss.unattributed)
        count("\(place()).loss_periods", loss.lossPeriods)
        count("\(place()).longest_loss_period", loss.longestLossPeriod)
        for value in [loss.ratio, loss.low, loss.high, loss.worst15s, loss.worst200ms] { ratio(place(), value) }
        size("\(place()).burst_ratio", loss.burstRatio)
    }
}
