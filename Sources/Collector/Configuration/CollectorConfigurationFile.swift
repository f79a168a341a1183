import Settings
import Units
import Yams

extension CollectorConfiguration {
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
        let keys = reader.mapping(root, name: "the file", known: CollectorConfigurationKeys.file)
        listen =
            reader.value(keys["listen"], name: "listen") { (text) throws(TextRefusal) in try ListenAddress(text) }
            ?? listen
        database = reader.value(keys["database"], name: "database", Self.database) ?? database
        if let node = keys["tls"] { tls = TLSSettings(node, reader) }
        if let node = keys["proxies"] { proxies = Self.proxies(node, reader) }
        if let node = keys["limits"] { limits = IngestLimits(node, reader) }
        if let node = keys["retention"] { retention = RetentionSettings(node, reader) }
        if let node = keys["session"] { session = SessionSettings(node, reader) }
        silentAfter =
            reader.value(keys["silent_after"], name: "silent_after") { (text) throws(TextRefusal) in
                try SettingText.duration(text, within: Self.silences)
            } ?? silentAfter
    }

    /// A whole path, or `postgres://` without a password.
    public static func database(_ text: String) throws(TextRefusal) -> String {
        guard text.contains("://") else {
            guard text.hasPrefix("/") else {
                throw TextRefusal("'\(text)' is neither a whole path, as \(standardDatabase), nor postgres://HOST/NAME")
            }
            return text
        }
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
            throw TextRefusal("'\(text.prefix { $0 != ":" })://' is no database known here; it can be postgres://")
        }
        let rest = text.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        // What an error shows of it must not be a password.
        if let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") {
            throw TextRefusal(
                "a password stands in the address; write postgres://USER@HOST/NAME?passfile=FILE, as libpq has it"
            )
        }
        guard !text.contains("password=") else {
            throw TextRefusal("a password stands in the address; write passfile=FILE, as libpq has it")
        }
        return text
    }

    private static func proxies(_ node: Node, _ reader: YAMLReader) -> [IPPrefix] {
        let items = reader.items(node, name: "proxies", form: "each as '- 192.0.2.10' or '- 192.0.2.0/24'")
        var found: [IPPrefix] = []
        for item in items {
            let prefix = reader.value(item, name: "proxies") { (text) throws(TextRefusal) in
                let prefix = try IPPrefix(text)
                guard prefix.length > 0 else { throw TextRefusal("'\(text)' is every address; name the proxies") }
                return prefix
            }
            guard let prefix else { continue }
            if found.contains(prefix) {
                reader.fault("proxies: '\(prefix)' stands twice", at: item)
            } else {
                found.append(prefix)
            }
        }
        return found
    }
}
