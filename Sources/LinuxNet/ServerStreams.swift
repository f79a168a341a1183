import ProbeCore
import Units
import Wire

/// The probe thread as a client of STUN and TURN servers.
extension ProbeLoop {
    /// The request about to leave may be the one with which the rate falls.
    mutating func noteRequest(_ index: Int, at: WallInstant) {
        guard streams[index].relay != nil else { return }
        let sequence = streams[index].sender.nextSequence
        if streams[index].relay?.pacing.noteRequest(sequence) == true { slowDown(index, at: at) }
    }

    /// All streams to one server slow down together.
    private mutating func slowDown(_ first: Int, at: WallInstant) {
        guard let pacing = streams[first].relay?.pacing else { return }
        pushRate(first, pacing, at: at)
        for index in 0..<streams.count where index != first {
            guard streams[index].destination.address == streams[first].destination.address else { continue }
            let next = streams[index].sender.nextSequence
            if streams[index].relay?.pacing.follow(pacing, next: next) == true { pushRate(index, pacing, at: at) }
        }
    }

    private func pushRate(_ index: Int, _ pacing: RelayPacing, at: WallInstant) {
        ring.push(
            .rateReduced(
                stream: UInt16(truncatingIfNeeded: index),
                sequence: streams[index].sender.nextSequence,
                at: at,
                divisor: pacing.divisor
            )
        )
    }

    mutating func readStunReply(
        _ datagram: UnsafeMutableBufferPointer<UInt8>,
        of index: Int,
        arrivedAt: WallInstant,
        control: ControlMessages
    ) {
        let number = UInt16(truncatingIfNeeded: index)
        do throws(StunRefusal) {
            guard let reply = try streams[index].sender.readStun(datagram.span) else { return }
            let record = reply.record(
                stream: number,
                arrivedAt: arrivedAt,
                kernelTimestamp: control.timestamp != nil,
                trafficClass: control.trafficClass ?? 0,
                timeToLive: control.timeToLive ?? 0
            )
            ring.push(record)
            noteAnswer(index, sequence: reply.sequence)
            if let address = reply.response.mappedAddress {
                noteReflexive(index, address, sequence: reply.sequence, at: arrivedAt)
            }
            noteServer(index, reply, datagram, at: arrivedAt)
        } catch {
            ring.push(.refused(stream: number, at: arrivedAt, reason: error))
        }
    }

    private mutating func noteServer(
        _ index: Int,
        _ reply: StunReply,
        _ datagram: UnsafeMutableBufferPointer<UInt8>,
        at: WallInstant
    ) {
        let next = streams[index].sender.nextSequence
        streams[index].relay?.keep(datagram, reply.response)
        if reply.response.errorCode == nil, reply.response.method == .allocate {
            streams[index].relay?.holdsAllocation = true
        }
        guard reply.isFirst else { return }
        let slowsDown = streams[index].relay?.pacing.noteAnswer(
            reply.sequence,
            saysItLimits: reply.saysItLimits,
            next: next
        )
        if slowsDown == true { slowDown(index, at: at) }
    }
}
