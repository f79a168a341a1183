import Agent
import Settings
import Testing
import Units

/// The sections collector, spool and sinks.
@Suite struct CollectorSettingsTests {
    @Test func everySettingArrives() throws {
        let configuration = try read(
            """
            collector:
              url: https://collector.example.net:8443/linecheck/
              token_file: credential:token
              client_certificate: /etc/linecheck/client.pem
              client_key: /etc/linecheck/client.key
              ca_file: /etc/linecheck/ca.pem
              proxy: http://proxy.example.net:3128/
              proxy_credentials_file: credential:proxy
              batch: 7
              timeout: 1min
            spool: {directory: /srv/spool, size: 1.5 GiB}
            sinks: [stdout, {file: /var/log/results}, {otlp: "http://[::1]:4318"}]
            """
        )
        let collector = try #require(configuration.collector)
        #expect(collector.url == "https://collector.example.net:8443/linecheck")
        #expect(collector.tokenFile == .credential("token"))
        #expect(collector.clientCertificate == .file("/etc/linecheck/client.pem"))
        #expect(collector.clientKey == .file("/etc/linecheck/client.key"))
        #expect(collector.caFile == .file("/etc/linecheck/ca.pem"))
        #expect(collector.proxy == "http://proxy.example.net:3128")
        #expect(collector.proxyCredentialsFile == .credential("proxy"))
        #expect(collector.batch == 7)
        #expect(collector.timeout == .seconds(60))
        #expect(configuration.spool == SpoolSettings(directory: "/srv/spool", size: 1_610_612_736))
        #expect(configuration.sinks == [.standardOutput, .file("/var/log/results"), .otlp("http://[::1]:4318")])
    }

    @Test func everyKeyIsReallyRead() throws {
        let values = [
            "url": "https://d", "token_file": "/t", "client_certificate": "/c, client_key: /k",
            "client_key":
                "/l, client_certificate: /c", "ca_file": "/a", "proxy": "http://p",
            "proxy_credentials_file":
                "/s, proxy: http://p", "batch": "3", "timeout": "3s",
        ]
        let plain = try read("collector: {url: https://c}")
        for key in ConfigurationKeys.collector {
            let value = try #require(values[key], "no value for \(key)")
            let url = key == "url" ? "" : "url: https://c, "
            #expect(try read("collector: {\(url)\(key): \(value)}") != plain, "\(key) has no effect")
        }
    }

    @Test func whatIsLeftOutIsTheDefault() throws {
        #expect(try read("collector:\nspool:\nsinks:\n") == Configuration())
        let collector = try #require(try read("collector: {url: https://c}").collector)
        #expect(collector == CollectorSettings(url: "https://c"))
        #expect(collector.batch == 50)
        #expect(collector.timeout == .seconds(30))
    }

    @Test(arguments: ["http://127.0.0.1:8080", "http://localhost", "http://127.9.9.9/x", "http://[::1]:80"])
    func thisHostItselfNeedsNoEncryption(url: String) throws {
        #expect(try read("collector: {url: \"\(url)\"}").collector?.url == url)
    }

    private func check(_ yaml: String, _ message: String) {
        #expect(refusal(yaml) == "linecheck.yaml:1: \(message)")
    }

    @Test(arguments: [
        "http://collector.example", "http://127.0.0.1.example.net", "http://10.0.0.1", "http://1270.0.0.1",
        "http://127.0.0", "http://localhost.example",
    ])
    func elsewhereATokenGoesEncrypted(url: String) {
        check(
            "collector: {url: \(url)}",
            "collector.url: '\(url)' is not encrypted; write https://, http:// is only for this host itself"
        )
    }

    @Test func secretsInAddressesAreRefusedAndNotRepeated() {
        let message = "a user or a password stands in the address; write it as "
        let yaml =
            "collector: {url: \"https://me:pa55@c\", proxy: \"http://me:pa55@p:1\"}\nsinks: [otlp: \"http://me:pa55@o\"]"
        let text = refusal(yaml)
        #expect(text.split(separator: "\n").count == 3)
        #expect(text.split(separator: "\n").allSatisfy { $0.contains(message) })
        #expect(!text.contains("pa55"))
    }

    @Test(arguments: [
        ("{url: ftp://c}", "url: 'ftp://c' is not an address; write it as https://HOST:PORT/PATH"),
        ("{url: c}", "url: 'c' is not an address; write it as https://HOST:PORT/PATH"),
        ("{url: \"https://\"}", "url: 'https://' is not an address; write it as https://HOST:PORT/PATH"),
        ("{url: \"https://c?a=b\"}", "url: 'https://c?a=b' has a '?' or '#'; write it as https://HOST:PORT/PATH"),
        ("{url: \"https://c d\"}", "url: 'https://c d' is not an address; write it as https://HOST:PORT/PATH"),
        ("{url: \"https://c:99999\"}", "url: 99999 is outside 1 to 65535; write it as https://HOST:PORT/PATH"),
        ("{url: https://c, batch: 0}", "batch: 0 is outside 1 to 1000"),
        ("{url: https://c, batch: many}", "batch: 'many' is not a whole number"),
        ("{url: https://c, timeout: 1ms}", "timeout: '1ms' is outside 1 s to 10 min"),
        (
            "{url: https://c, token_file: token}",
            "token_file: 'token' is not a whole path, as /etc/linecheck/token, nor credential:NAME"
        ),
        (
            "{url: https://c, token_file: \"credential:\"}",
            "token_file: 'credential:' names no credential; write credential:NAME, as LoadCredential= calls it"
        ),
        ("{url: https://c, proxy: http://p/x}", "proxy: 'http://p/x' has a path; write it as http://HOST:PORT"),
    ])
    func badValues(section: String, message: String) {
        check("collector: \(section)", "collector.\(message)")
    }

    @Test func whatBelongsTogetherIsMissed() {
        check("collector: {batch: 3}", "collector needs url, as https://collector.example.net")
        check(
            "collector: {url: https://c, client_key: /k}",
            "collector: client_key needs client_certificate beside it"
        )
        check(
            "collector: {url: https://c, client_certificate: /c}",
            "collector: client_certificate needs client_key beside it"
        )
        check(
            "collector: {url: https://c, proxy_credentials_file: /c}",
            "collector: proxy_credentials_file needs proxy beside it"
        )
    }

    @Test func allFaultsAreToldAtOnce() {
        let text = refusal(
            """
            collector:
              url: nowhere
              batch: 5000
              tokens: x
            spool:
              size: 1 MB
              directory: here
            sinks:
              - syslog
              - {file: here}
              - {}
              - stdout
              - stdout
              - {file: /a, otlp: http://b}
              - [a]
            """
        )
        #expect(
            text == """
                linecheck.yaml:2: collector.url: 'nowhere' is not an address; write it as https://HOST:PORT/PATH
                linecheck.yaml:3: collector.batch: 5000 is outside 1 to 1000
                linecheck.yaml:4: collector has no key 'tokens'; it can have url, token_file, client_certificate, \
                client_key, ca_file, proxy, proxy_credentials_file, batch, timeout
                linecheck.yaml:6: spool.size: '1 MB' is outside 10 MB to 1 TB
                linecheck.yaml:7: spool.directory: 'here' is not a whole path, as /var/lib/linecheck
                linecheck.yaml:9: sinks: 'syslog' is no sink; write it as '- stdout', '- file: PATH' or '- otlp: URL'
                linecheck.yaml:10: sinks.file: 'here' is not a whole path, as /var/log/results
                linecheck.yaml:11: a sink is empty; write it as '- stdout', '- file: PATH' or '- otlp: URL'
                linecheck.yaml:13: sinks: 'stdout' stands twice
                linecheck.yaml:14: a sink is one of file and otlp; write it as '- stdout', '- file: PATH' or \
                '- otlp: URL'
                linecheck.yaml:15: a sink must be a mapping of keys to values, not a list
                """
        )
    }

    @Test(arguments: [
        ("10 MB", 10_000_000), ("10MB", 10_000_000), ("16MiB", 16_777_216), ("1.5 GB", 1_500_000_000),
        ("1 tb", 1_000_000_000_000),
        ("20000 kB", 20_000_000),
    ])
    func sizes(text: String, octets: Int) throws {
        #expect(try SettingText.octets(text, within: SpoolSettings.sizes) == octets)
    }

    @Test(arguments: [
        "", "MB", "200", "200 M", "-5 MB", "1e9 MB", "nan MB", "inf GB", "9 MB", "2 TB", "1.2.3 MB", "٣٠ MB",
    ])
    func badSizes(text: String) {
        #expect(throws: TextRefusal.self) { try SettingText.octets(text, within: SpoolSettings.sizes) }
    }
}
