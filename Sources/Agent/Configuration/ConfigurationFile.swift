import Readiness
import Settings
import Units
import Yams

extension Configuration {
    /// Reads a configuration file: all of it, or nothing with every fault named.
    ///
    /// - Parameter file: its name, for the faults.
    /// - Throws: ``ConfigurationError``.
    public init(yaml text: String, file: String) throws(ConfigurationError) {
        self.init()
        let reader = YAMLReader(file: file)
        if let root = reader.root(of: text) { read(root, reader) }
        guard reader.faults.isEmpty else {
            throw ConfigurationError(faults: reader.faults.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
    }

    private mutating func read(_ root: Node, _ reader: YAMLReader) {
        let keys = reader.mapping(root, name: "the file", known: ConfigurationKeys.file)
        site = reader.value(keys["site"], name: "site", SettingText.site)
        if let node = keys["endpoints"] { endpoints = Self.endpoints(node, reader) }
        if let node = keys["probe"] { probe = ProbeSettings(node, reader) }
        if let node = keys["capture"] { capture = Self.capture(node, reader) }
        if let node = keys["grading"] { profile = Profile(node, reader) }
        if let node = keys["collector"] { collector = CollectorSettings(node, reader) }
        if let node = keys["spool"] { spool = SpoolSettings(node, reader) }
        if let node = keys["schedules"] { schedules = Schedule.list(node, endpoints: endpoints, reader) }
        if let node = keys["metrics"] { metrics = MetricsSettings(node, reader) }
        if let node = keys["sinks"] { sinks = SinkSettings.list(node, reader) }
        if let node = keys["microsoft"] { endpointsList = Self.endpointsList(node, reader) }
        if let node = keys["audit"] { audit = AuditSettings(node, reader) }
        if let node = keys["assessments"] { assessments = AssessmentPlan.list(node, reader) }
        CrossReferences(configuration: self, keys: keys, reader: reader).check()
    }

    private static func endpointsList(_ node: Node, _ reader: YAMLReader) -> EndpointsListSource? {
        let keys = reader.mapping(node, name: "microsoft", known: ConfigurationKeys.microsoft)
        let file = reader.value(keys["endpoints_file"], name: "microsoft.endpoints_file") {
            (text) throws(TextRefusal) in
            guard !text.isEmpty else { throw TextRefusal("names no file") }
            return text
        }
        let url = reader.value(keys["endpoints_url"], name: "microsoft.endpoints_url", SettingText.endpointsURL)
        if keys["endpoints_file"] != nil, let node = keys["endpoints_url"] {
            reader.fault("microsoft: endpoints_file and endpoints_url say the same thing twice; keep one", at: node)
        }
        return url.map(EndpointsListSource.url) ?? file.map(EndpointsListSource.file)
    }

    private static func capture(_ node: Node, _ reader: YAMLReader) -> CaptureSetting? {
        let keys = reader.mapping(node, name: "capture", known: ConfigurationKeys.capture)
        return reader.value(keys["interface"], name: "capture.interface") { (text) throws(TextRefusal) in
            try CaptureSetting(text)
        }
    }

    private static func endpoints(_ node: Node, _ reader: YAMLReader) -> [Endpoint] {
        guard !reader.isNothing(node) else { return [] }
        guard let list = node.sequence else {
            reader.fault("endpoints must be a list, each as '- HOST' or '- stamp://HOST:PORTS'", at: node)
            return []
        }
        var found: [Endpoint] = []
        var known: Set<Endpoint> = []
        for item in list {
            guard
                let endpoint = reader.value(
                    item,
                    name: "endpoints",
                    { (text) throws(TextRefusal) in try Endpoint(text) }
                )
            else { continue }
            if known.insert(endpoint).inserted {
                found.append(endpoint)
            } else {
                reader.fault("endpoints: '\(endpoint)' stands twice", at: item)
            }
        }
        return found
    }
}

extension ProbeSettings {
    fileprivate init(_ node: Node, _ reader: YAMLReader) {
        let keys = reader.mapping(node, name: "probe", known: ConfigurationKeys.probe)
        self.init(keys, name: "probe", reader)
    }

    /// Those of a mapping's keys that say how to probe.
    ///
    /// - Parameter name: the mapping's, for the faults.
    init(_ keys: [String: Node], name: String, _ reader: YAMLReader) {
        self.init()
        func length(_ key: String, _ bounds: ClosedRange<Nanoseconds>) -> Nanoseconds? {
            reader.value(keys[key], name: "\(name).\(key)") { (text) throws(TextRefusal) in
                try SettingText.duration(text, within: bounds)
            }
        }
        duration = length("duration", ProbeDefaults.durations)
        interval = length("interval", ProbeDefaults.intervals)
        clockError = length("clock_error", ProbeDefaults.clockErrors)
        relayInterval = length("relay_interval", ProbeDefaults.relayIntervals)
        controlPort = reader.value(keys["control_port"], name: "\(name).control_port", SettingText.port)
        tcpFallback = reader.value(keys["tcp_fallback"], name: "\(name).tcp_fallback", SettingText.flag)
        payload = reader.value(keys["payload"], name: "\(name).payload") { (text) throws(TextRefusal) in
            try SettingText.integer(text, within: ProbeDefaults.payloads)
        }
        codec = reader.value(keys["codec"], name: "\(name).codec", SettingText.codec)
        if payload != nil, codec != nil {
            reader.fault("\(name): payload and codec say the same thing twice; keep one", at: keys["codec"])
        }
        dscp = reader.value(keys["dscp"], name: "\(name).dscp", SettingText.dscp)
        keyFile = reader.value(keys["key_file"], name: "\(name).key_file") { (text) throws(TextRefusal) in
            guard !text.isEmpty else { throw TextRefusal("names no file") }
            return text
        }
    }
}

extension Profile {
    fileprivate init(_ node: Node, _ reader: YAMLReader) {
        let keys = reader.mapping(node, name: "grading", known: ConfigurationKeys.grading)
        let named = reader.value(keys["profile"], name: "grading.profile") { (text) throws(TextRefusal) -> Profile in
            guard let profile = Profile.named(text) else {
                let known = Profile.all.map(\.name).joined(separator: ", ")
                throw TextRefusal("'\(text)' is not a profile; it can be \(known)")
            }
            return profile
        }
        self = named ?? .teams
        for metric in Rule.Metric.allCases {
            guard let node = keys[metric.rawValue] else { continue }
            override(metric, node, reader)
        }
    }

    /// A site's own bounds for one metric take the place of all that the profile has for it. What they leave out is
    /// as in the profile's rule for the same statistic, or else in its first for the metric.
    private mutating func override(_ metric: Rule.Metric, _ node: Node, _ reader: YAMLReader) {
        let name = "grading.\(metric.rawValue)"
        let keys = reader.mapping(node, name: name, known: ConfigurationKeys.rule)
        guard !keys.isEmpty else { return }
        let statistic = reader.value(keys["statistic"], name: "\(name).statistic") { (text) throws(TextRefusal) in
            try SettingText.statistic(text, of: metric)
        }
        func bound(_ key: String) -> Double? {
            reader.value(keys[key], name: "\(name).\(key)") { (text) throws(TextRefusal) in
                metric.unit == .ratio ? try SettingText.ratio(text) : try Nanoseconds(text: text).milliseconds
            }
        }
        let (ownTarget, ownLimit) = (bound("target"), bound("limit"))
        let same = rules.filter { $0.metric == metric }
        let base = same.first { $0.statistic == statistic } ?? same.first
        guard let target = ownTarget ?? base?.target, let limit = ownLimit ?? base?.limit else {
            if keys["target"] == nil || keys["limit"] == nil {
                reader.fault("\(name) needs both target and limit: the profile '\(self.name)' has none", at: node)
            }
            return
        }
        let rule = Rule(metric, statistic ?? base?.statistic ?? metric.statistics[0], target: target, limit: limit)
        if let refusal = rule.refusal {
            reader.fault("grading: \(refusal)", at: target > 0 ? keys["limit"] ?? keys["target"] : keys["target"])
        }
        let place = rules.firstIndex { $0.metric == metric } ?? rules.endIndex
        rules.removeAll { $0.metric == metric }
        rules.insert(rule, at: place)
    }
}
