import Foundation
import Settings
import Units
import Yams

extension CollectorSettings {
    /// - Returns: nil where the section is left empty, or names no collector, which is a fault.
    init?(_ node: Node, _ reader: YAMLReader) {
        let keys = reader.mapping(node, name: "collector", known: ConfigurationKeys.collector)
        guard !keys.isEmpty else { return nil }
        func value<Value>(_ key: String, _ convert: (String) throws(TextRefusal) -> Value) -> Value? {
            reader.value(keys[key], name: "collector.\(key)", convert)
        }
        let url = value("url", SettingText.collectorURL)
        if keys["url"] == nil { reader.fault("collector needs url, as https://collector.example.net", at: node) }
        self.init(url: url ?? "")
        tokenFile = value("token_file", FileReference.init)
        clientCertificate = value("client_certificate", FileReference.init)
        clientKey = value("client_key", FileReference.init)
        caFile = value("ca_file", FileReference.init)
        proxy = value("proxy", SettingText.proxyURL)
        proxyCredentialsFile = value("proxy_credentials_file", FileReference.init)
        batch =
            value("batch") { (text) throws(TextRefusal) in try SettingText.integer(text, within: Self.batches) }
            ?? batch
        timeout =
            value("timeout") { (text) throws(TextRefusal) in try SettingText.duration(text, within: Self.timeouts) }
            ?? timeout
        pair("client_certificate", "client_key", keys, reader)
        pair("client_key", "client_certificate", keys, reader)
        pair("proxy_credentials_file", "proxy", keys, reader)
    }

    private func pair(_ key: String, _ other: String, _ keys: [String: Node], _ reader: YAMLReader) {
        guard let node = keys[key], keys[other] == nil else { return }
        reader.fault("collector: \(key) needs \(other) beside it", at: node)
    }
}

extension SpoolSettings {
    init(_ node: Node, _ reader: YAMLReader) {
        self.init()
        let keys = reader.mapping(node, name: "spool", known: ConfigurationKeys.spool)
        directory =
            reader.value(keys["directory"], name: "spool.directory") { (text) throws(TextRefusal) in
                guard text.hasPrefix("/") else { throw TextRefusal("'\(text)' is not a whole path, as \(directory)") }
                return text
            } ?? directory
        size =
            reader.value(keys["size"], name: "spool.size") { (text) throws(TextRefusal) in
                try SettingText.octets(text, within: Self.sizes)
            } ?? size
    }
}

extension SinkSettings {
    /// One of a list: `stdout`, `file: PATH` or `otlp: URL`.
    init?(_ node: Node, _ reader: YAMLReader) {
        let form = "write it as '- stdout', '- file: PATH' or '- otlp: URL'"
        if node.scalar != nil {
            let word = reader.value(node, name: "sinks") { (text) throws(TextRefusal) in
                guard text == "stdout" else { throw TextRefusal("'\(text)' is no sink; \(form)") }
                return Self.standardOutput
            }
            guard let word else { return nil }
            self = word
            return
        }
        let keys = reader.mapping(node, name: "a sink", known: ConfigurationKeys.sink)
        let file = reader.value(keys["file"], name: "sinks.file") { (text) throws(TextRefusal) in
            guard text.hasPrefix("/") else { throw TextRefusal("'\(text)' is not a whole path, as /var/log/results") }
            return Self.file(text)
        }
        let otlp = reader.value(keys["otlp"], name: "sinks.otlp") { (text) throws(TextRefusal) in
            Self.otlp(try SettingText.url(text))
        }
        if keys.count > 1 { reader.fault("a sink is one of file and otlp; \(form)", at: node) }
        if keys.isEmpty, node.mapping?.isEmpty == true { reader.fault("a sink is empty; \(form)", at: node) }
        guard let sink = file ?? otlp else { return nil }
        self = sink
    }

    static func list(_ node: Node, _ reader: YAMLReader) -> [SinkSettings] {
        guard !reader.isNothing(node) else { return [] }
        guard let list = node.sequence else {
            reader.fault("sinks must be a list, each as '- stdout', '- file: PATH' or '- otlp: URL'", at: node)
            return []
        }
        var found: [SinkSettings] = []
        for item in list {
            guard let sink = SinkSettings(item, reader) else { continue }
            if found.contains(sink) {
                reader.fault("sinks: '\(sink)' stands twice", at: item)
            } else {
                found.append(sink)
            }
        }
        return found
    }
}

extension ConfigurationKeys {
    public static let collector = [
        "url", "token_file", "client_certificate", "client_key", "ca_file", "proxy", "proxy_credentials_file", "batch",
        "timeout",
    ]
    public static let spool = ["directory", "size"]
    public static let sink = ["file", "otlp"]
}
