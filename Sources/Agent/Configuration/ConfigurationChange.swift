extension Configuration {
    /// What a check's own process reads of it: one that never ends must begin anew when this changes.
    public var asChecksReadIt: Configuration {
        var copy = Configuration()
        copy.site = site
        copy.endpoints = endpoints
        copy.probe = probe
        copy.capture = capture
        copy.profile = profile
        copy.endpointsList = endpointsList
        return copy
    }

    /// The sections in which this configuration is not like another one, for a log: never what stands in them.
    public func sections(differingFrom other: Configuration) -> [String] {
        var sections: [String] = []
        if site != other.site { sections.append("site") }
        if endpoints != other.endpoints { sections.append("endpoints") }
        if probe != other.probe { sections.append("probe") }
        if capture != other.capture { sections.append("capture") }
        if profile != other.profile { sections.append("grading") }
        if collector != other.collector { sections.append("collector") }
        if spool != other.spool { sections.append("spool") }
        if sinks != other.sinks { sections.append("sinks") }
        if schedules != other.schedules { sections.append("schedules") }
        if assessments != other.assessments { sections.append("assessments") }
        if metrics != other.metrics { sections.append("metrics") }
        if endpointsList != other.endpointsList { sections.append("microsoft") }
        return sections
    }
}
