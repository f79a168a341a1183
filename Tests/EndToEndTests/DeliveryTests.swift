import Foundation
import Testing

extension EndToEnd {
    /// Deliveries through real servers.
    @Suite(.serialized, .enabled(if: DeliveryLab.missing.isEmpty, "SKIPPED: needs \(DeliveryLab.missing)"))
    struct Deliveries {
        private static let token = "t0ken-nobody-may-see"

        @Test func throughTLSWithAPrivateCAAndAClientCertificate() async throws {
            let lab = try DeliveryLab()
            let collector = try await FailingCollector()
            let server = try await lab.nginx(before: collector.port, clientCertificates: true)
            try lab.certificate("branch-17")
            let token = try lab.write("\(Self.token)\n", to: "token")
            let known = ["--ca-file", lab.path("ca.pem"), "--token-file", token]
            let mine = ["--client-certificate", lab.path("branch-17.pem"), "--client-key", lab.path("branch-17.key")]
            let result = try await lab.deliver(30, to: server.url, known + mine)
            #expect(result.status == 0, "\(result.standardError)")
            let documents = try collector.documents()
            #expect(documents.count == 30)
            #expect(documents.headers.contains(["X-Client", "CN=branch-17"]))
            #expect(documents.headers.contains(["Authorization", "Bearer \(Self.token)"]))
            #expect(documents.headers.contains(["Content-Encoding", "gzip"]))
            #expect(!result.standardError.contains(Self.token))

            // Without a certificate nginx says 400, which is no fault of the results.
            let stranger = try await lab.deliver(3, to: server.url, seconds: 2, known)
            #expect(stranger.status == 1)
            #expect(stranger.standardError.contains("HTTP 400"))
            #expect(!stranger.standardError.contains("set aside"))
            // With the system's certificates the server is not to be trusted.
            let distrusting = try await lab.deliver(3, to: server.url, seconds: 2, mine)
            #expect(distrusting.status == 1)
            #expect(distrusting.standardError.contains("SSL certificate problem"))
            #expect(try collector.documents().count == 30)
        }

        @Test func throughAProxyWithCredentials() async throws {
            let lab = try DeliveryLab()
            let collector = try await FailingCollector()
            let server = try await lab.nginx(before: collector.port, clientCertificates: false)
            let proxy = try await lab.proxy(to: server.port)
            let token = try lab.write(Self.token, to: "token")
            let good = try lab.write("site:pa55-word\n", to: "proxy-credentials")
            let bad = try lab.write("site:pa55-worse\n", to: "bad-credentials")
            let through = ["--ca-file", lab.path("ca.pem"), "--token-file", token, "--proxy", proxy]
            let result = try await lab.deliver(20, to: server.url, through + ["--proxy-credentials", good])
            #expect(result.status == 0, "\(result.standardError)")
            #expect(try collector.documents().count == 20)

            let refused = try await lab.deliver(3, to: server.url, seconds: 2, through + ["--proxy-credentials", bad])
            #expect(refused.status == 1)
            #expect(refused.standardError.contains("CONNECT tunnel failed"), "\(refused.standardError)")
            for text in [result.standardError, refused.standardError] {
                for secret in [Self.token, "pa55"] { #expect(!text.contains(secret)) }
            }
            #expect(try collector.documents().count == 20)
        }

        @Test func theTokenGoesToNoOtherHost() async throws {
            let lab = try DeliveryLab()
            let (collector, other) = try await (FailingCollector(), FailingCollector())
            let token = try lab.write(Self.token, to: "token")
            for status in [301, 302, 303, 307, 308] {
                try collector.answer(status, location: "\(other.url)/v1/results")
                let result = try await lab.deliver(2, to: collector.url, seconds: 1, ["--token-file", token])
                #expect(result.status == 1)
                #expect(result.standardError.contains("not followed"))
            }
            #expect(try other.documents().headers.isEmpty)
        }

        @Test func whatTheCollectorRepeatsOfATokenIsNotShown() async throws {
            let lab = try DeliveryLab()
            let collector = try await FailingCollector()
            let token = try lab.write(Self.token, to: "token")
            for status in [401, 422, 500] {
                try collector.answer(status, reason: "unknown:\(Self.token)")
                let result = try await lab.deliver(2, to: collector.url, seconds: 1, ["--token-file", token])
                #expect(result.standardError.contains("(redacted)"))
                #expect(!result.standardError.contains(Self.token))
            }
        }

        /// The far end accepts the connection and says nothing.
        @Test func aTransferThatHangsIsStoppedWithinASecond() async throws {
            let lab = try DeliveryLab()
            let listener = try Program(
                [
                    try Executables.python(), "-c",
                    """
                    import socket, time
                    s = socket.create_server(("127.0.0.1", 0))
                    print("listening on", s.getsockname()[1], flush=True)
                    time.sleep(60)
                    """,
                ],
                name: "silent"
            )
            try await listener.waitUntilItSays("listening on ")
            let port = listener.standardOutput.filter(\.isNumber)
            let more = ["--timeout-milliseconds", "60000"]
            let result = try await lab.deliver(1, to: "http://127.0.0.1:\(port)", seconds: 1, more)
            let text = try #require(result.standardError.split(separator: "stopped in ").last)
            let milliseconds = try #require(Int(text.prefix { $0.isNumber }))
            #expect(milliseconds < 1_000)
            listener.send(signal: SIGKILL)
        }
    }
}
