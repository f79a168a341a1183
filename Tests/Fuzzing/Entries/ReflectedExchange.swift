import ProbeCore
import Units
import Wire

/// A request, the reply that a session-reflector gave to it, and what must hold of the two.
struct ReflectedExchange {
    let request: [UInt8]
    let reply: [UInt8]
    let context: RequestContext
    let policy: ReflectorPolicy
    let errorEstimate: ErrorEstimate

    private var mode: StampMode { policy.mode }

    func checkBase(_ answer: ReflectorReply) throws(BrokenInvariant) {
        if request.count >= mode.baseLength {
            try require(reply.count == request.count, "a reply is as long as its request (RFC 8762 §4.3)")
        } else {
            try require(policy.allowsShortRequests, "a short request is answered only where that is allowed")
            try require(mode == .unauthenticated, "a request without an HMAC is not answered")
            try require(reply.count == mode.baseLength, "the reply to a short request is a base packet")
        }
        try require(answer.trafficClass & 0b11 == 0, "a reply leaves without ECN")
        let mark = DSCP(trafficClass: answer.trafficClass)
        try require(
            mark == DSCP(trafficClass: context.trafficClass) || policy.allowedDSCP.contains(mark),
            "a reply leaves with the mark received or an allowed one"
        )
        try require(SessionReflectorPacket.isReply(reply.span, mode: mode), "no reflector answers a reply")
        if mode == .authenticated {
            try require(Scene.key.verifiesBase(request.span), "a request is answered only if its HMAC is right")
            try require(Scene.key.verifiesBase(reply.span), "a reply's HMAC is right")
        }
        do {
            try checkCopies(
                SessionSenderPacket(parsing: request.span, mode: mode),
                SessionReflectorPacket(parsing: reply.span, mode: mode),
                sequence: answer.sequence
            )
        } catch let refusal as StampRefusal {
            throw BrokenInvariant("a request that is answered and its reply can be read, not \(refusal.code)")
        } catch {
            throw BrokenInvariant("\(error)")
        }
    }

    private func checkCopies(
        _ request: SessionSenderPacket,
        _ reply: SessionReflectorPacket,
        sequence: UInt32
    ) throws(BrokenInvariant) {
        let format = errorEstimate.format
        let expected = SessionReflectorPacket(
            sequence: sequence,
            timestamp: StampTimestamp(context.receivedAt + Scene.residence, format: format),
            errorEstimate: errorEstimate,
            ssid: request.ssid,
            receiveTimestamp: StampTimestamp(context.receivedAt, format: format),
            senderSequence: request.sequence,
            senderTimestamp: request.timestamp,
            senderErrorEstimate: request.errorEstimate,
            senderTTL: context.timeToLive ?? 255
        )
        try require(reply == expected, "a reply says what was received and when: \(expected), not \(reply)")
    }

    /// RFC 8972 §4: a session-reflector changes flags and what it understands, and nothing else.
    func checkTLVs() throws(BrokenInvariant) {
        guard request.count > mode.baseLength else { return }
        let sent = tlvs(in: request.span, from: mode.baseLength)
        let returned = tlvs(in: reply.span, from: mode.baseLength)
        try require(sent.count == returned.count, "a reply has as many TLVs as its request")
        var isCopy = false
        for (sent, returned) in zip(sent, returned) {
            var flagged = sent
            flagged.flags = returned.flags
            try require(returned == flagged, "a TLV keeps type, place and length")
            if isCopy {
                try require(returned.flags == sent.flags, "TLVs behind a malformed one keep their flags")
            } else {
                let known: TLVFlags = [.unrecognized, .malformed, .integrityFailed]
                try require(returned.flags.isSubset(of: known), "a TLV has no flags but U, M and I")
            }
            // The HMAC covers what was answered before the malformed TLV, and so is computed anew even behind that.
            let isAnswered = !isCopy && returned.flags.isEmpty && returned.type != .extraPadding
            if !isAnswered, returned.type != .hmac {
                try require(sent.value(in: request) == returned.value(in: reply), "a value not understood is copied")
            }
            if returned.flags.contains(.malformed) { isCopy = true }
        }
        let end = max(mode.baseLength, returned.last.map { min($0.endOffset, reply.count) } ?? 0)
        try require(request[end...] == reply[end...], "what is no TLV is copied")
    }

    /// What a session-sender makes of the TLVs of a faithful session-reflector.
    func checkTelemetry() throws(BrokenInvariant) {
        guard request.count >= mode.baseLength else { return }
        let telemetry = ReplyTelemetry(reading: reply.span, request: request.span, mode: mode, key: policy.key)
        let possible: [TLVAnomaly?] = [nil, .malformed, .integrityFailed]
        try require(possible.contains(telemetry.anomaly), "a faithful reply is neither altered nor implausible")
        if case .hmac(let tlv) = TLVProtection(of: reply.span, mode: mode), let key = policy.key, tlv.flags.isEmpty {
            try require(key.verifiesTLVs(in: reply.span, mode: mode, hmacAt: tlv), "the HMAC TLV of a reply is right")
        }
    }
}
