import Foundation
import Testing

extension EndToEnd {
    /// Microsoft's list of endpoints, fetched from nginx.
    @Suite(
        "The list of Microsoft's endpoints",
        .enabled(if: Executables.tool("nginx") != nil, "SKIPPED: nginx is needed")
    )
    struct EndpointsList {
        /// A web server, and what `linecheck doctor` says of the ranges that it got there.
        private final class Site {
            let folder: URL
            let url: String
            private let port: Int
            private var server: Program?

            init() throws {
                folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-list-\(UUID())")
                port = try DeliveryLab.freePort()
                url = "http://127.0.0.1:\(port)/list.json"
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
            }

            deinit { try? FileManager.default.removeItem(at: folder) }

            private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

            func publish(_ range: String) throws {
                let list =
                    "[{\"id\": 11, \"serviceArea\": \"Skype\", \"ips\": [\"\(range)\"], \"udpPorts\": \"3478-3481\"}]"
                try list.write(toFile: path("list.json"), atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path("list.json"))
            }

            func start() async throws {
                let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map { "\($0)_temp_path \(path($0));" }.joined(separator: " ")
                let text = """
                    daemon off; user root; worker_processes 1; pid \(path("pid")); error_log stderr notice;
                    events {}
                    http {
                        log_format asked '$status $http_if_none_match'; access_log \(path("log")) asked; \(places)
                        server {
                            listen 127.0.0.1:\(port); root \(folder.path); gzip on; gzip_types *;
                            location /moved { return 302 http://127.0.0.1:\(port)/list.json; }
                        }
                    }
                    """
                try text.write(toFile: path("nginx.conf"), atomically: true, encoding: .utf8)
                let nginx = try #require(Executables.tool("nginx"))
                let server = try Program(
                    [nginx, "-p", folder.path, "-c", path("nginx.conf"), "-e", "stderr"],
                    name: "nginx"
                )
                self.server = server
                try await server.waitUntilItSays("start worker process ")
            }

            func stop() async throws { _ = try await server?.stop() }

            var log: [String] {
                ((try? String(contentsOfFile: path("log"), encoding: .utf8)) ?? "").split(separator: "\n")
                    .map(String.init)
            }

            var cache: String { path("cache/linecheck/microsoft-endpoints.json") }

            /// Makes the list that was kept older, by rewriting when it was confirmed.
            func age(hours: Int64) throws {
                let text = try String(contentsOfFile: cache, encoding: .utf8)
                let kept = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
                var list = try #require(kept?["list"] as? [String: Any])
                let confirmed = try #require(list["confirmedAt"] as? Int64)
                list["confirmedAt"] = confirmed - hours * 3_600_000_000_000
                let older: [String: Any] = ["url": kept?["url"] ?? "", "list": list]
                try JSONSerialization.data(withJSONObject: older).write(to: URL(fileURLWithPath: cache))
            }

            func doctor(_ url: String? = nil) throws -> String {
                let environment = ["/usr/bin/env", "-u", "STATE_DIRECTORY", "XDG_CACHE_HOME=\(path("cache"))"]
                let linecheck = [try Executables.built("linecheck"), "doctor", "--watch", "100ms"]
                let finished = try Command.run(environment + linecheck + ["--endpoints-url", url ?? self.url])
                return finished.standardOutput.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                    + finished.standardError
            }
        }

        @Test("It is fetched, kept, asked for on condition, and used as it was kept where that fails")
        func lifeOfAList() async throws {
            let site = try Site()
            try site.publish("192.0.2.0/24")
            try await site.start()
            #expect(try site.doctor().contains("Microsoft's media ranges: 192.0.2.0/24 as of"))
            try site.publish("198.51.100.0/24")
            #expect(try site.doctor().contains("192.0.2.0/24"), "for a day nobody asks")
            #expect(site.log.count == 1)
            try site.age(hours: 25)
            #expect(try site.doctor().contains("198.51.100.0/24"))
            try site.age(hours: 25)
            #expect(try site.doctor().contains("198.51.100.0/24"))
            #expect(site.log.map { $0.prefix(3) } == ["200", "200", "304"])
            #expect(site.log[2].count > 8, "the entity tag of what was kept went along")
            try await site.stop()
            try site.age(hours: 30)
            let offline = try site.doctor()
            #expect(offline.contains("ranges.not_fetched: Microsoft's list of endpoints could not be fetched from"))
            #expect(offline.contains("is used, which is 30 h old") && offline.contains("198.51.100.0/24"))
        }

        @Test("What is no such list, moved, too long or not encrypted is refused with its reason")
        func refusals() async throws {
            let site = try Site()
            try site.publish("192.0.2.0/24")
            try await site.start()
            let base = site.url.replacing("/list.json", with: "")
            let shipped = "the list that came with Linecheck"
            for (path, reason) in [
                ("/nginx.conf", "it is not JSON"), ("/moved", "HTTP status 302, to \(site.url)"),
                ("/none", "status 404"),
                ("/long", "the answer is longer than 8388608 octets"),
            ] {
                try? FileManager.default.removeItem(atPath: site.cache)
                let long = site.folder.appendingPathComponent("long")
                if path == "/long" { try Data(repeating: 32, count: 9 << 20).write(to: long) }
                let told = try site.doctor(base + path)
                #expect(told.contains(reason) && told.contains(shipped), "\(path): \(told)")
            }
            #expect(try site.doctor("http://192.0.2.1/list").contains("is not encrypted"))
        }
    }
}
