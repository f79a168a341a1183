import Readiness

extension StreamDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        address = try json.required("address")
        calls = try json.optional("calls")
        dscp = try json.required("dscp")
        durationSeconds = try json.optional("duration_s")
        endpoint = try json.required("endpoint")
        forward = try json.optional("forward")
        intervalMilliseconds = try json.required("interval_ms")
        method = try json.optional("method")
        mos = try json.optional("mos")
        packets = try json.required("packets")
        payloadBytes = try json.required("payload_bytes")
        port = try json.required("port")
        probeProtocol = try json.optional("protocol")
        rFactor = try json.optional("r_factor")
        reachability = try json.required("reachability")
        refusedReplies = try json.required("refused_replies")
        reverse = try json.optional("reverse")
        roundTrip = try json.optional("round_trip")
        sequence = try json.optional("sequence")
        wire = try json.rare("wire")
        try json.closeObject()
    }
}

extension StreamDocument.Sequence: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        first = try json.required("first")
        last = try json.required("last")
        try json.closeObject()
    }
}

extension ReachabilityDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        byEndpoint = try json.optional("by_endpoint")
        icmpSource = try json.optional("icmp_source")
        reason = try json.optional("reason")
        state = try json.required("state")
        tried = try json.rare("tried")
        try json.closeObject()
    }
}

extension PacketsDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        duplicates = try json.required("duplicates")
        forwardReceived = try json.optional("forward_received")
        late = try json.required("late")
        received = try json.required("received")
        reordered = try json.required("reordered")
        sent = try json.required("sent")
        try json.closeObject()
    }
}

extension DirectionDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        delayMilliseconds = try json.optional("delay_ms")
        dscp = try json.optional("dscp")
        duplicates = try json.optional("duplicates")
        ipdvMilliseconds = try json.optional("ipdv_ms")
        jitterMilliseconds = try json.optional("jitter_ms")
        loss = try json.optional("loss")
        reordered = try json.optional("reordered")
        try json.closeObject()
    }
}

extension DelayDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        count = try json.required("count")
        max = try json.required("max")
        mean = try json.required("mean")
        min = try json.required("min")
        p50 = try json.required("p50")
        p95 = try json.required("p95")
        p95Sampling = try json.required("p95_sampling")
        p99 = try json.required("p99")
        uncertainty = try json.required("uncertainty")
        try json.closeObject()
    }
}

extension DelayVariationDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        max = try json.required("max")
        p50 = try json.required("p50")
        p95 = try json.required("p95")
        p99 = try json.required("p99")
        try json.closeObject()
    }
}

extension JitterDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        last = try json.required("last")
        max = try json.required("max")
        mean = try json.required("mean")
        uncertainty = try json.required("uncertainty")
        worst15s = try json.optional("worst_15s")
        try json.closeObject()
    }
}

extension LossDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        burstRatio = try json.required("burst_ratio")
        high = try json.required("high")
        longestLossPeriod = try json.required("longest_loss_period")
        lossPeriods = try json.required("loss_periods")
        lost = try json.required("lost")
        low = try json.required("low")
        offered = try json.required("offered")
        ratio = try json.required("ratio")
        unattributed = try json.required("unattributed")
        worst15s = try json.optional("worst_15s")
        worst200ms = try json.optional("worst_200ms")
        try json.closeObject()
    }
}
