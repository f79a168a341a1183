extension EndpointDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        address = try json.required("address")
        addresses = try json.rare("addresses")
        authenticated = try json.required("authenticated")
        clockOffset = try json.optional("clock_offset")
        controlPort = try json.rare("control_port")
        endpoint = try json.required("endpoint")
        fallback = try json.rare("fallback")
        farMaxErrorMilliseconds = try json.optional("far_max_error_ms")
        forwardLoss = try json.optional("forward_loss")
        latencyOneWayMilliseconds = try json.optional("latency_one_way_ms")
        nat = try json.rare("nat")
        reverseLoss = try json.optional("reverse_loss")
        roundTripLoss = try json.optional("round_trip_loss")
        roundTripMilliseconds = try json.optional("round_trip_ms")
        sendTimeCorrection = try json.optional("send_time_correction")
        server = try json.rare("server")
        try json.closeObject()
    }
}

extension ClockOffsetDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        claimsContradicted = try json.required("claims_contradicted")
        method = try json.required("method")
        offsetMilliseconds = try json.required("offset_ms")
        skewPPM = try json.optional("skew_ppm")
        skewUncertaintyPPM = try json.optional("skew_uncertainty_ppm")
        steps = try json.required("steps")
        uncertaintyMilliseconds = try json.required("uncertainty_ms")
        try json.closeObject()
    }
}

extension ClockOffsetDocument.Step: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        at = try json.required("at")
        byMilliseconds = try json.required("by_ms")
        try json.closeObject()
    }
}

extension SendTimeCorrectionDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        corrected = try json.required("corrected")
        maxMicroseconds = try json.required("max_us")
        p50Microseconds = try json.required("p50_us")
        replies = try json.required("replies")
        try json.closeObject()
    }
}

extension WorseDelayDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        direction = try json.optional("direction")
        interval = try json.required("interval")
        p95 = try json.required("p95")
        try json.closeObject()
    }
}

extension BoundedValueDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        interval = try json.optional("interval")
        p95 = try json.required("p95")
        try json.closeObject()
    }
}
