import Units
import Yams

extension ContinuousSettings {
    /// - Parameter endpoints: those of the configuration, of which it can name some.
    init(_ node: Node, endpoints: [Endpoint], _ reader: YAMLReader) {
        self.init()
        let keys = reader.mapping(node, name: "continuous", known: ConfigurationKeys.continuous)
        enabled = reader.value(keys["enabled"], name: "continuous.enabled", SettingText.flag) ?? enabled
        self.endpoints = reader.words(keys["endpoints"], name: "continuous.endpoints") { (text) throws(TextRefusal) in
            let endpoint = try Endpoint(text)
            guard endpoints.contains(endpoint) else {
                throw TextRefusal("'\(text)' is not one of the endpoints of this file")
            }
            return endpoint
        }
        keep = reader.duration(keys, "keep", of: "continuous", within: Self.keeps) ?? keep
    }
}

extension IncidentSettings {
    init(_ node: Node, _ reader: YAMLReader) {
        self.init()
        let keys = reader.mapping(node, name: "incidents", known: ConfigurationKeys.incidents)
        keepBefore = reader.duration(keys, "keep_before", of: "incidents", within: Self.keeps) ?? keepBefore
        keepAfter = reader.duration(keys, "keep_after", of: "incidents", within: Self.keeps) ?? keepAfter
    }
}

extension CaptureSetting {
    init(_ node: Node, _ reader: YAMLReader) {
        let keys = reader.mapping(node, name: "capture", known: ConfigurationKeys.capture)
        let interface = reader.value(keys["interface"], name: "capture.interface") { (text) throws(TextRefusal) in
            try CaptureSetting(text)
        }
        self = interface ?? .automatic
    }
}

extension LogLevel {
    init?(section node: Node, _ reader: YAMLReader) {
        let keys = reader.mapping(node, name: "log", known: ConfigurationKeys.log)
        let level = reader.value(keys["level"], name: "log.level") { (text) throws(TextRefusal) in
            try LogLevel(text)
        }
        guard let level else { return nil }
        self = level
    }
}

extension YAMLReader {
    fileprivate func duration(
        _ keys: [String: Node],
        _ key: String,
        of section: String,
        within bounds: ClosedRange<Nanoseconds>
    ) -> Nanoseconds? {
        value(keys[key], name: "\(section).\(key)") { (text) throws(TextRefusal) in
            try SettingText.duration(text, within: bounds)
        }
    }
}

extension ConfigurationKeys {
    public static let continuous = ["enabled", "endpoints", "keep"]
    public static let incidents = ["keep_before", "keep_after"]
    public static let capture = ["interface"]
    public static let log = ["level"]
}
