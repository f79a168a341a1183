import Settings
import Units
import Yams

extension TLSSettings {
    init?(_ node: Node, _ reader: YAMLReader) {
        let keys = reader.mapping(node, name: "tls", known: CollectorConfigurationKeys.tls)
        guard !keys.isEmpty else { return nil }
        for key in ["certificate", "key"] where keys[key] == nil {
            reader.fault("tls needs \(key), the path of a file or credential:NAME", at: node)
        }
        let certificate = reader.value(keys["certificate"], name: "tls.certificate", FileReference.init)
        let key = reader.value(keys["key"], name: "tls.key", FileReference.init)
        let asks = reader.value(keys["client_certificates"], name: "tls.client_certificates", SettingText.flag)
        guard let certificate, let key else { return nil }
        self.init(certificate: certificate, key: key, clientCertificates: asks ?? false)
    }
}

extension IngestLimits {
    init(_ node: Node, _ reader: YAMLReader) {
        self.init()
        let keys = reader.mapping(node, name: "limits", known: CollectorConfigurationKeys.limits)
        func size(_ key: String, _ standard: Int) -> Int {
            reader.value(keys[key], name: "limits.\(key)") { (text) throws(TextRefusal) in
                try SettingText.octets(text, within: Self.sizes)
            } ?? standard
        }
        func number(_ key: String, _ standard: Int, _ bounds: ClosedRange<Int>) -> Int {
            reader.value(keys[key], name: "limits.\(key)") { (text) throws(TextRefusal) in
                try SettingText.integer(text, within: bounds)
            } ?? standard
        }
        func duration(_ key: String, _ standard: Nanoseconds) -> Nanoseconds {
            reader.value(keys[key], name: "limits.\(key)") { (text) throws(TextRefusal) in
                try SettingText.duration(text, within: Self.timeouts)
            } ?? standard
        }
        body = size("body", body)
        inflated = size("inflated", inflated)
        document = size("document", document)
        documents = number("documents", documents, Self.counts)
        rate = number("rate", rate, Self.rates)
        connections = number("connections", connections, Self.connectionCounts)
        bodyTimeout = duration("body_timeout", bodyTimeout)
        idleTimeout = duration("idle_timeout", idleTimeout)
        if document > inflated {
            let sizes = "\(SettingText.size(document)) are more than limits.inflated, \(SettingText.size(inflated))"
            reader.fault("limits.document: \(sizes)", at: keys["document"] ?? keys["inflated"])
        }
        if documents > rate {
            reader.fault(
                "limits.documents: \(documents) are more than limits.rate, \(rate), lets pass at once",
                at: keys["documents"] ?? keys["rate"]
            )
        }
    }
}

extension RetentionSettings {
    init(_ node: Node, _ reader: YAMLReader) {
        self.init()
        let keys = reader.mapping(node, name: "retention", known: CollectorConfigurationKeys.retention)
        func length(_ key: String, _ standard: Nanoseconds?) -> Nanoseconds? {
            let read: Nanoseconds?? = reader.value(keys[key], name: "retention.\(key)") { (text) throws(TextRefusal) in
                text == "forever" ? nil : try SettingText.duration(text, within: Self.lengths)
            }
            return read ?? standard
        }
        raw = length("raw", raw)
        hourly = length("hourly", hourly)
        daily = length("daily", daily)
    }
}

extension SessionSettings {
    init(_ node: Node, _ reader: YAMLReader) {
        self.init()
        let keys = reader.mapping(node, name: "session", known: CollectorConfigurationKeys.session)
        length =
            reader.value(keys["length"], name: "session.length") { (text) throws(TextRefusal) in
                try SettingText.duration(text, within: Self.lengths)
            } ?? length
        attempts =
            reader.value(keys["attempts"], name: "session.attempts") { (text) throws(TextRefusal) in
                try SettingText.integer(text, within: Self.attemptCounts)
            } ?? attempts
    }
}

/// Every key that a collector's configuration file can have.
public enum CollectorConfigurationKeys {
    public static let file = [
        "listen", "database", "tls", "proxies", "limits", "retention", "session", "silent_after",
    ]
    public static let tls = ["certificate", "key", "client_certificates"]
    public static let limits = [
        "body", "inflated", "document", "documents", "rate", "connections", "body_timeout", "idle_timeout",
    ]
    public static let retention = ["raw", "hourly", "daily"]
    public static let session = ["length", "attempts"]
}
