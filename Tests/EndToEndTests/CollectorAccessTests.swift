import Foundation
import Testing

extension EndToEnd {
    /// Who may see what, and under which circumstances a collector starts at all.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorAccess {
        @Test func itRefusesToStandOpen() async throws {
            let lab = try CollectorLab()
            func refusal(_ configuration: String) async throws -> String {
                let file = try lab.write(configuration, to: "c.yaml")
                let ended = try await lab.launch(["--config", file], listen: nil).end(within: 20)
                #expect(ended.status == 78, "\(configuration)")
                return ended.standardError
            }
            #expect(try await refusal("listen: 0.0.0.0:0").contains("in the clear"))
            let certificate = try DeliveryLab()
            try certificate.certificate("server")
            let tls = "tls: {certificate: \(certificate.path("server.pem")), key: \(certificate.path("server.key"))}"
            #expect(try await refusal("listen: 0.0.0.0:0\n\(tls)").contains("reader add"))
            #expect(try await refusal("proxies: [127.0.0.1]").contains("reader add"))
            #expect(try await refusal("listen: nowhere").contains("c.yaml:1: listen:"))
            try lab.require("reader", "add", "Zoë")
            #expect(try await refusal("listen: 0.0.0.0:0").contains("in the clear"))
            let started = try lab.launch(
                ["--config", try lab.write("listen: 0.0.0.0:0\n\(tls)", to: "c.yaml")],
                listen: nil
            )
            try await started.waitUntilItSays("collecting at https://0.0.0.0:", within: 30)
            let ended = try await started.stop(within: 20)
            #expect(ended.status == 0, "\(ended.standardError)")
        }

        @Test func readersLogInAndOut() async throws {
            let lab = try CollectorLab()
            try lab.require("site", "add", "Berlin")
            let token = try lab.require("reader", "add", "Zoë")
            try await lab.start()
            let away = try lab.request("/sites/Berlin?range=24h")
            #expect(away.status == 303)
            #expect(away.headers.contains("/login?next=%2Fsites%2FBerlin%3Frange%3D24h"))
            #expect(try lab.request("/v1/sites").status == 401)
            #expect(try lab.request("/metrics").status == 401)
            #expect(try lab.request("/v1/sites", "-H", "Authorization: Bearer \(token)").status == 200)
            let jar = lab.path("jar")
            func logIn(_ password: String, _ more: String...) throws -> CollectorLab.Answer {
                try lab.request(
                    "/login",
                    more + [
                        "-c", jar, "--data-urlencode", "name=Zoë", "--data-urlencode", "password=\(password)",
                        "--data-urlencode", "next=/sites/Berlin",
                    ]
                )
            }
            #expect(try logIn("wrong").status == 401)
            #expect(try logIn(token, "-H", "Sec-Fetch-Site: cross-site").status == 403)
            #expect(try logIn(token, "-H", "Origin: http://evil.example").status == 403)
            let inside = try logIn(token)
            #expect(inside.status == 303 && inside.headers.contains("/sites/Berlin"))
            #expect(inside.headers.contains("HttpOnly; SameSite=Lax"))
            let page = try lab.request("/", "-b", jar)
            #expect(page.status == 200 && page.body.contains("Zoë") && page.body.contains("Log out"))
            #expect(
                try lab.request("/logout", "-b", jar, "-X", "POST", "-H", "Sec-Fetch-Site: cross-site").status == 403
            )
            #expect(try lab.request("/logout", "-b", jar, "-c", jar, "-X", "POST").status == 303)
            #expect(try lab.request("/", "-b", jar).status == 303)
            // A new token ends logins with the old one.
            _ = try logIn(token)
            #expect(try lab.request("/", "-b", jar).status == 200)
            try lab.require("reader", "add", "Zoë")
            #expect(try lab.request("/", "-b", jar).status == 303)
        }

        @Test func guessesAreSlowed() async throws {
            let lab = try CollectorLab()
            try lab.require("reader", "add", "Zoë")
            try await lab.start(["--config", try lab.write("session: {attempts: 3}", to: "c.yaml")])
            let statuses = try (0..<5).map { _ in
                try lab.request("/login", "-d", "name=Zo%C3%AB&password=guess").status
            }
            #expect(statuses == [401, 401, 401, 429, 429])
        }

        /// Open on loopback means open to this host, not to whoever found a way around that.
        @Test func openOnLoopbackIsOpenToThisHostAlone() async throws {
            let lab = try CollectorLab()
            try await lab.start()
            #expect(try lab.request("/").status == 200)
            #expect(try lab.request("/", "-H", "X-Forwarded-For: 127.0.0.1").status == 403)
            #expect(try lab.request("/", "-H", "Host: rebound.example").status == 403)
        }

        @Test func everyAnswerCarriesThePolicy() async throws {
            let lab = try CollectorLab()
            try await lab.start()
            for path in ["/", "/login", "/v1/sites", "/nowhere", "/%ff", "/health/live", "/metrics"] {
                let headers = try lab.request(path).headers.lowercased()
                for needed in [
                    "content-security-policy: default-src 'none'; style-src 'self'", "x-content-type-options: nosniff",
                    "frame-ancestors 'none'", "referrer-policy: same-origin",
                ] { #expect(headers.contains(needed), "\(path) \(needed)") }
            }
        }

        @Test func aClientCertificateStandsForItsSite() async throws {
            let lab = try CollectorLab()
            let certificates = try DeliveryLab()
            for name in ["server", "site", "other"] { try certificates.certificate(name) }
            try lab.require("site", "add", "Berlin", "--no-token")
            try lab.require("site", "bind", "Berlin", "--certificate", certificates.path("site.pem"))
            let server = "certificate: \(certificates.path("server.pem")), key: \(certificates.path("server.key"))"
            let file = try lab.write("tls: {\(server), client_certificates: yes}", to: "c.yaml")
            try await lab.start(["--config", file])
            let batch = try CollectorDocuments.batch([try CollectorDocuments.result(site: "Berlin", number: 1)])
            let body = try lab.write(batch, to: "b.json")
            func post(_ name: String?) throws -> CollectorLab.Answer {
                let pair = name.map {
                    ["--cert", certificates.path("\($0).pem"), "--key", certificates.path("\($0).key")]
                }
                return try lab.request(
                    "/v1/results",
                    (pair ?? []) + [
                        "--cacert", certificates.path("ca.pem"), "-H", "Content-Type: application/json",
                        "--data-binary", "@\(body)",
                    ]
                )
            }
            #expect(try post(nil).status == 401)
            #expect(try post("other").status == 401)
            #expect(try CollectorLots(try post("site")).results.map(\.status) == ["stored"])
            try lab.require("site", "unbind", "--certificate", certificates.path("site.pem"))
            #expect(try post("site").status == 401)
        }

        /// What the commands of a database say of backups holds: a copy made while it runs is whole.
        @Test func aBackupIsRestored() async throws {
            let lab = try CollectorLab()
            let token = try lab.require("site", "add", "Berlin")
            try await lab.start()
            let first = try CollectorDocuments.batch([try CollectorDocuments.result(site: "Berlin", number: 1)])
            _ = try CollectorLots(try lab.post(first, token: token))
            try Command.require([try DeliveryLab.tool("sqlite3"), lab.database, ".backup \(lab.path("copy.sqlite"))"])
            let second = try CollectorDocuments.batch([try CollectorDocuments.result(site: "Berlin", number: 2)])
            _ = try CollectorLots(try lab.post(second, token: token))
            lab.kill()
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: lab.database + suffix) }
            try FileManager.default.moveItem(atPath: lab.path("copy.sqlite"), toPath: lab.database)
            try await lab.start()
            #expect(try lab.storedIDs() == [CollectorDocuments.id(1)])
            // The site goes on with its token, and can send again what the copy lacks.
            let lots = try CollectorLots(try lab.post(second, token: token)).results
            #expect(lots.map(\.status) == ["stored"])
        }
    }
}
