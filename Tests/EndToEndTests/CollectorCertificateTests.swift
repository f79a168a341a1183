import Foundation
import Testing

extension EndToEnd {
    /// A certificate that is renewed while the collector runs, as somebody's cron job does it.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorCertificate {
        /// A collector that shows `live.pem`, and the pairs that it can be made to show.
        private struct Renewals {
            let lab: CollectorLab
            let certificates: DeliveryLab

            init(_ pairs: String...) async throws {
                lab = try CollectorLab()
                certificates = try DeliveryLab()
                for pair in pairs { try certificates.certificate(pair) }
                try install(pairs[0])
                let live = ["pem", "key"].map { certificates.path("live.\($0)") }
                let tls = "tls: {certificate: \(live[0]), key: \(live[1])}"
                try await lab.start(["--config", try lab.write(tls, to: "c.yaml")])
            }

            /// Each file is replaced at once, and one after the other.
            func install(_ pair: String, key: String? = nil) throws {
                for (name, file) in [(key ?? pair, "key"), (pair, "pem")] {
                    let data = try Data(contentsOf: URL(fileURLWithPath: certificates.path("\(name).\(file)")))
                    try data.write(to: URL(fileURLWithPath: certificates.path("live.\(file)")), options: .atomic)
                }
            }

            var port: String { lab.url.split(separator: ":").last.map(String.init) ?? "" }

            private func serial(_ file: String) throws -> String {
                let openssl = try DeliveryLab.tool("openssl")
                return try Command.run([openssl, "x509", "-noout", "-serial", "-in", file]).standardOutput
            }

            /// Whether a new connection is shown this one.
            func shows(_ pair: String) throws -> Bool {
                let openssl = try DeliveryLab.tool("openssl")
                let shown = try Command.run([
                    openssl, "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", certificates.path("ca.pem"),
                    "-verify_return_error",
                ])
                let file = try certificates.write(shown.standardOutput, to: "shown")
                return try serial(file) == serial(certificates.path("\(pair).pem"))
            }

            func live() throws -> Int {
                try lab.request("/health/live", "--cacert", certificates.path("ca.pem")).status
            }

            /// Waits for what the collector says next.
            func says(_ text: String, since length: Int, within seconds: Double = 30) async throws -> String {
                let deadline = Date(timeIntervalSinceNow: seconds)
                while true {
                    let said = lab.collector?.standardError.dropFirst(length) ?? ""
                    if said.contains(text) { return String(said) }
                    guard Date() < deadline else { throw LabFailure("it did not say '\(text)': \(said)") }
                    try await Task.sleep(for: .milliseconds(20))
                }
            }

            var length: Int { lab.collector?.standardError.count ?? 0 }
        }

        private static let served = "new connections are shown the certificate as it is now"
        private static let refused = "the certificate on the disk is refused, the one before goes on"

        @Test func aRenewedCertificateIsShownToNewConnections() async throws {
            let lab = try await Renewals("first", "second", "third")
            #expect(try lab.shows("first"))
            let go = lab.certificates.path("go")
            let held = try Program(
                try Executables.peer("hold_connection.py") + [lab.port, lab.certificates.path("ca.pem"), go],
                name: "held"
            )
            try await held.waitUntilItSays("first 200 True")

            var before = lab.length
            try lab.install("second")
            lab.lab.collector?.send(signal: SIGHUP)
            #expect(try await lab.says(Self.served, since: before).contains("valid_until"))
            #expect(try lab.shows("second"))
            #expect(try lab.live() == 200)

            // Nobody has to tell it.
            before = lab.length
            try lab.install("third")
            _ = try await lab.says(Self.served, since: before)
            #expect(try lab.shows("third"))

            // The connection from before goes on.
            _ = try lab.certificates.write("", to: "go")
            let ended = try await held.end(within: 20)
            #expect(ended.standardOutput.contains("second 200 True"), "\(ended.standardOutput)\(ended.standardError)")
            let metrics = try lab.lab.request("/metrics", "--cacert", lab.certificates.path("ca.pem")).body
            #expect(metrics.contains("linecheck_collector_certificate_renewals_total{outcome=\"used\"} 2\n"))
            let end = try #require(metrics.firstMatch(of: /certificate_end_seconds ([0-9.e+]+)/))
            let days = try #require(Double(end.output.1)).distance(to: Date().timeIntervalSince1970) / -86_400
            #expect((1.9...2.1).contains(days), "\(days)")
        }

        @Test func aBadPairIsRefusedWhole() async throws {
            let lab = try await Renewals("first", "other")
            func refusal(_ change: () throws -> Void) async throws -> String {
                let before = lab.length
                try change()
                lab.lab.collector?.send(signal: SIGHUP)
                let said = try await lab.says(Self.refused, since: before)
                #expect(try lab.shows("first"))
                #expect(try lab.live() == 200)
                return said
            }
            func write(_ text: String, _ file: String) throws { _ = try lab.certificates.write(text, to: file) }
            #expect(try await refusal { try lab.install("other", key: "first") }.contains("do not go together"))
            #expect(try await refusal { try lab.install("first", key: "other") }.contains("do not go together"))
            try lab.install("first")
            #expect(try await refusal { try write("no certificate", "live.pem") }.contains("tls.certificate"))
            try lab.install("first")
            #expect(try await refusal { try write("", "live.key") }.contains("tls.key"))
            try lab.install("first")
            let gone = try await refusal {
                try FileManager.default.removeItem(atPath: lab.certificates.path("live.pem"))
            }
            #expect(gone.contains("No such file"))
            // What is right again is served again.
            let before = lab.length
            try lab.install("other")
            lab.lab.collector?.send(signal: SIGHUP)
            _ = try await lab.says(Self.served, since: before)
            #expect(try lab.shows("other"))
        }

        @Test func aHangupWithoutTLSEndsNothing() async throws {
            let lab = try CollectorLab()
            try await lab.start()
            lab.collector?.send(signal: SIGHUP)
            try await lab.collector?.waitUntilItSays("TLS is not configured")
            #expect(try lab.request("/health/live").status == 200)
            let ended = try await lab.stop()
            #expect(ended.status == 0)
        }

        @Test func aBadPairDoesNotStart() async throws {
            let certificates = try DeliveryLab()
            for name in ["one", "other"] { try certificates.certificate(name) }
            let lab = try CollectorLab()
            let tls = "tls: {certificate: \(certificates.path("one.pem")), key: \(certificates.path("other.key"))}"
            let ended = try await lab.launch(["--config", try lab.write(tls, to: "c.yaml")]).end(within: 20)
            #expect(ended.status == 78)
            #expect(ended.standardError.contains("do not go together"))
        }
    }
}
