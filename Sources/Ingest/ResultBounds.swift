import Results

extension Bounds {
    mutating func check(_ document: ResultDocument) {
        id("id", document.id)
        name("site", document.site)
        name("agent", document.agent)
        name("version", document.version)
        name("profile", document.profile)
        size("duration_s", document.durationSeconds)
        size("intended_duration_s", document.intendedDurationSeconds)
        require(document.endedAt >= document.startedAt, "ended_at: is before started_at")
        for (index, criterion) in document.criteria.enumerated() { check(criterion, "criteria[\(index)]") }
        for (index, finding) in document.findings.enumerated() { check(finding, "findings[\(index)]") }
        for (index, stream) in document.streams.enumerated() { check(stream, "streams[\(index)]") }
        size("clock.max_error_ms", document.clock.maxErrorMilliseconds)
        present("clock.source", document.clock.source)
        check(document.probeQuality)
        check(document.dscp)
        check(document.delivery)
        check(document.assessment)
        present("schedule.name", document.schedule?.name)
    }

    mutating func check(_ criterion: CriterionDocument, _ place: @autoclosure () -> String) {
        code("\(place()).name", criterion.name)
        present("\(place()).endpoint", criterion.endpoint)
        word("\(place()).unit", criterion.unit, ["ms", "ratio"])
        if let direction = criterion.direction { word("\(place()).direction", direction, ["forward", "reverse"]) }
        require(criterion.port != 0, "\(place()).port: 0 is outside 1 to 65535")
        code("\(place()).statistic", criterion.statistic)
        code("\(place()).basis", criterion.basis)
        size("\(place()).value", criterion.value)
        interval("\(place()).interval", criterion.interval)
        positive("\(place()).target", criterion.target)
        positive("\(place()).limit", criterion.limit)
        present("\(place()).settle", criterion.settle)
        guard criterion.unit == "ratio" else { return }
        ratio("\(place()).value", criterion.value)
        ratio("\(place()).limit", criterion.limit)
        for end in criterion.interval ?? [] { ratio("\(place()).interval", end) }
    }

    private mutating func interval(_ place: @autoclosure () -> String, _ interval: [Double]?) {
        guard let interval else { return }
        require(interval.count == 2, "\(place()): has \(interval.count) ends, and not 2")
        for end in interval { size(place(), end) }
    }

    private mutating func check(_ finding: FindingDocument, _ place: @autoclosure () -> String) {
        code("\(place()).code", finding.code, dotted: true)
        word("\(place()).severity", finding.severity, ["info", "inconclusive", "at_risk", "not_ready"])
        present("\(place()).summary", finding.summary)
        present("\(place()).remedy", finding.remedy)
    }

    private mutating func check(_ quality: ProbeQualityDocument) {
        count("probe_quality.missed_sends", quality.missedSends)
        count("probe_quality.socket_drops", quality.socketDrops)
        ratio("probe_quality.kernel_timestamps_ratio", quality.kernelTimestampsRatio)
    }

    private mutating func check(_ marking: MarkingDocument) {
        if let required = marking.required {
            require((0...63).contains(required), "dscp.required: \(required) is outside 0 to 63")
        }
        marks("dscp.egress", marking.egress)
        marks("dscp.far_end", marking.farEnd)
        marks("dscp.return", marking.returned)
    }

    private mutating func check(_ delivery: DeliveryDocument?) {
        guard let delivery else { return }
        word("delivery.spool", delivery.spool, ["durable", "disk_full", "read_only", "unavailable"])
        count("delivery.pending", delivery.pending)
        count("delivery.held", delivery.held)
        count("delivery.set_aside", delivery.setAside)
        count("delivery.dropped", delivery.dropped)
        size("delivery.oldest_pending_s", delivery.oldestPendingSeconds)
    }

    private mutating func check(_ assessment: RunningAssessmentDocument?) {
        guard let assessment else { return }
        present("assessment.name", assessment.name)
        check(assessment.outcomes, "assessment.outcomes")
        check(assessment.checks, "assessment.checks")
        share("assessment.share_meeting_target", assessment.shareMeetingTarget)
        ratio("assessment.coverage_ratio", assessment.coverageRatio)
    }
}
