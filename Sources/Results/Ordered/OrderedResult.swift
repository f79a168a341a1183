import Readiness

extension ResultDocument: OrderedReadable {
    /// What octets in UTF-8 stand for, where an agent of this version wrote them; nil where they have to be read by
    /// ``decode(_:)``, which may refuse them. The two never differ in what they read.
    package static func ordered(_ octets: some Collection<UInt8>) -> ResultDocument? {
        var json = OrderedReader(octets)
        guard let document = try? ResultDocument(&json), json.isAtEnd, document.isReadable else { return nil }
        return document
    }

    private var isReadable: Bool {
        (try? VersionedDocument.refuse(schema: schema, name: Self.schemaName, major: Self.schemaMajor)) != nil
    }

    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        agent = try json.required("agent")
        assessment = try json.rare("assessment")
        capacity = try json.rare("capacity")
        clock = try json.required("clock")
        continuous = try json.rare("continuous")
        criteria = try json.required("criteria")
        delivery = try json.optional("delivery")
        dscp = try json.required("dscp")
        durationSeconds = try json.required("duration_s")
        endedAt = try json.required("ended_at")
        endpoints = try json.required("endpoints")
        findings = try json.required("findings")
        grade = try json.required("grade")
        id = try json.required("id")
        incidents = try json.rare("incidents")
        incidentsLeftOut = try json.rare("incidents_left_out")
        intendedDurationSeconds = try json.required("intended_duration_s")
        load = try json.optional("load")
        location = try json.rare("location")
        path = try json.optional("path")
        probeQuality = try json.required("probe_quality")
        profile = try json.required("profile")
        schedule = try json.optional("schedule")
        schema = try json.required("schema")
        site = try json.required("site")
        startedAt = try json.required("started_at")
        streams = try json.required("streams")
        trigger = try json.required("trigger")
        version = try json.required("version")
        try json.closeObject()
    }
}

extension ClockDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        maxErrorMilliseconds = try json.optional("max_error_ms")
        source = try json.required("source")
        synchronized = try json.required("synchronized")
        try json.closeObject()
    }
}

extension CriterionDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        basis = try json.required("basis")
        direction = try json.optional("direction")
        endpoint = try json.required("endpoint")
        grade = try json.required("grade")
        interval = try json.optional("interval")
        limit = try json.optional("limit")
        name = try json.required("name")
        port = try json.optional("port")
        settle = try json.optional("settle")
        statistic = try json.required("statistic")
        target = try json.optional("target")
        unit = try json.required("unit")
        value = try json.optional("value")
        try json.closeObject()
    }
}

extension DeliveryDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        dropped = try json.required("dropped")
        held = try json.required("held")
        lastFailure = try json.optional("last_failure")
        lastFailureAt = try json.optional("last_failure_at")
        lastSuccessAt = try json.optional("last_success_at")
        oldestPendingSeconds = try json.optional("oldest_pending_s")
        pending = try json.required("pending")
        setAside = try json.required("set_aside")
        spool = try json.required("spool")
        try json.closeObject()
    }
}

extension EvidenceDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        self = json.isAtText ? .text(try json.text()) : .number(try json.double())
    }
}

extension FindingDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        code = try json.required("code")
        evidence = try json.required("evidence")
        remedy = try json.required("remedy")
        severity = try json.required("severity")
        summary = try json.required("summary")
        try json.closeObject()
    }
}

extension LoadDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        callsPerEndpoint = try json.optional("calls_per_endpoint")
        forwardKilobitsPerSecond = try json.required("forward_kbps")
        reverseKilobitsPerSecond = try json.required("reverse_kbps")
        try json.closeObject()
    }
}

extension MarkingDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        capture = try json.rare("capture")
        ecn = try json.optional("ecn")
        egress = try json.optional("egress")
        farEnd = try json.optional("far_end")
        required = try json.optional("required")
        returned = try json.optional("return")
        try json.closeObject()
    }
}

extension ECNDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        egress = try json.optional("egress")
        farEnd = try json.optional("far_end")
        returned = try json.optional("return")
        try json.closeObject()
    }
}

extension ProbeQualityDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        kernelTimestampsRatio = try json.required("kernel_timestamps_ratio")
        missedSends = try json.required("missed_sends")
        sendErrorMicroseconds = try json.required("send_error_us")
        socketDrops = try json.required("socket_drops")
        try json.closeObject()
    }
}

extension ProbeQualityDocument.SendError: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        max = try json.required("max")
        p50 = try json.required("p50")
        p99 = try json.required("p99")
        try json.closeObject()
    }
}

extension ScheduledSlotDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        name = try json.required("name")
        slotAt = try json.required("slot_at")
        try json.closeObject()
    }
}
