import Collector
import Foundation
import Settings
import Testing
import Units

/// A bad file for every rule, with all that is said about it.
@Suite struct CollectorConfigurationTests {
    private func faults(_ yaml: String) -> String {
        do throws(ConfigurationError) {
            _ = try CollectorConfiguration(yaml: yaml, file: "c.yaml")
            return ""
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        (
            "port: 80",
            "1: the file has no key 'port'; it can have listen, database, tls, proxies, limits, retention, session, silent_after"
        ),
        (
            "listen: 8480",
            "1: listen: '8480' has no port; write it as 127.0.0.1:8480 or [::1]:8480; 0.0.0.0 and [::] are all addresses"
        ),
        (
            "listen: ::1:80",
            "1: listen: '::1:80': an IPv6 address stands in brackets; write it as 127.0.0.1:8480 or [::1]:8480; 0.0.0.0 and [::] are all addresses"
        ),
        (
            "listen: here:80",
            "1: listen: 'here:80': 'here' is not an address; write it as 127.0.0.1:8480 or [::1]:8480; 0.0.0.0 and [::] are all addresses"
        ),
        (
            "database: collector.sqlite",
            "1: database: 'collector.sqlite' is neither a whole path, as /var/lib/linecheck-collector/collector.sqlite, nor postgres://HOST/NAME"
        ),
        ("database: mysql://h/n", "1: database: 'mysql://' is no database known here; it can be postgres://"),
        (
            "database: postgres://u:secret@h/n",
            "1: database: a password stands in the address; write postgres://USER@HOST/NAME?passfile=FILE, as libpq has it"
        ),
        (
            "database: postgres://h/n?password=secret",
            "1: database: a password stands in the address; write passfile=FILE, as libpq has it"
        ),
        (
            "tls:\n  certificate: /a",
            "2: tls needs key, the path of a file or credential:NAME"
        ),
        ("proxies:\n  - 0.0.0.0/0", "2: proxies: '0.0.0.0/0' is every address; name the proxies"),
        ("proxies:\n  - 10.0.0.1\n  - 10.0.0.1/32", "3: proxies: '10.0.0.1/32' stands twice"),
        ("limits:\n  body: 1", "2: limits.body: '1' is not a size; write it as 200 MB or 1.5 GB"),
        ("limits:\n  rate: 0", "2: limits.rate: 0 is outside 1 to 10000000"),
        (
            "limits:\n  documents: 3000",
            "2: limits.documents: 3000 are more than limits.rate, 2000, lets pass at once"
        ),
        (
            "limits:\n  inflated: 1 MB\n  document: 2 MB",
            "3: limits.document: 2 MB are more than limits.inflated, 1 MB"
        ),
        ("retention:\n  raw: 1h", "2: retention.raw: '1h' is outside 24 h to 876000 h"),
        ("session:\n  length: 1s", "2: session.length: '1s' is outside 60 s to 720 h"),
    ])
    func badFiles(yaml: String, message: String) {
        #expect(faults(yaml) == "c.yaml:\(message)")
        #expect(!faults(yaml).contains("secret"))
    }

    @Test func everyFaultIsNamedAtOnce() {
        let text = faults("listen: x\nlimits:\n  rate: 0\n  body: y\nsilent_after: 1s")
        #expect(text.split(separator: "\n").map { $0.prefix(8) } == ["c.yaml:1", "c.yaml:3", "c.yaml:4", "c.yaml:5"])
    }

    @Test func whatIsWrittenCounts() throws {
        let yaml = """
            listen: "[::]:443"
            database: postgres://collector@db/linecheck?passfile=/run/pass
            tls: {certificate: /c.pem, key: "credential:k", client_certificates: yes}
            proxies: [192.0.2.0/24]
            limits: {body: 1 MB, rate: 5000, body_timeout: 5s}
            retention: {raw: forever, hourly: 365d}
            session: {length: 1h, attempts: 3}
            silent_after: 2h
            """
        let read = try CollectorConfiguration(yaml: yaml, file: "c.yaml")
        #expect("\(read.listen)" == "[::]:443")
        #expect(read.tls?.clientCertificates == true)
        #expect("\(read.proxies)" == "[192.0.2.0/24]")
        #expect(read.limits.body == 1_000_000 && read.limits.rate == 5_000)
        #expect(read.limits.bodyTimeout == .seconds(5))
        #expect(read.retention.raw == nil && read.retention.hourly == .seconds(365 * 86_400))
        #expect(read.session.attempts == 3)
        #expect(read.silentAfter == .seconds(7_200))
        #expect(read.isExposed)
    }

    // MARK: - The commented example that is installed

    private static let example: String = {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../config/linecheck-collector.yaml")
        return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    }()

    @Test func theExampleMeansTheDefaults() throws {
        #expect(Self.example.count > 1_000)
        #expect(try CollectorConfiguration(yaml: Self.example, file: "example") == CollectorConfiguration())
    }

    /// What it says the default is, is the default, and every key stands in it.
    @Test func theExamplesSettingsAreTheDefaults() throws {
        let lines: [String] = Self.example.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let text = line.trimmingCharacters(in: .whitespaces)
            let isSetting = text.hasPrefix("#") && text.dropFirst().first.map { $0 != " " } ?? false
            return isSetting ? String(line).replacing("#", with: "", maxReplacements: 1) : String(line)
        }
        let read = try CollectorConfiguration(yaml: lines.joined(separator: "\n"), file: "example")
        var expected = CollectorConfiguration()
        expected.tls = TLSSettings(
            certificate: try FileReference("/etc/linecheck/collector.pem"),
            key: try FileReference("credential:collector-key")
        )
        expected.proxies = [try IPPrefix("127.0.0.1")]
        #expect(read == expected)
        let keys = CollectorConfigurationKeys.self
        for key in keys.file + keys.tls + keys.limits + keys.retention + keys.session {
            #expect(lines.contains { $0.trimmingCharacters(in: .whitespaces).hasPrefix("\(key):") }, "\(key)")
        }
    }
}
