import Foundation

/// What the tests of deliveries push through, all on loopback: nginx, a proxy, certificates.
final class DeliveryLab {
    let folder: URL
    private var programs: [Program] = []

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-delivery-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        for program in programs {
            program.send(signal: SIGTERM)
            program.waitBlocking()
        }
        try? FileManager.default.removeItem(at: folder)
    }

    static let needed = ["nginx", "tinyproxy", "openssl", "curl", "python3"]
    static var missing: [String] { needed.filter { Executables.tool($0) == nil } }

    static func tool(_ name: String) throws -> String {
        guard let path = Executables.tool(name) else { throw LabFailure("there is no \(name)") }
        return path
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        return path(name)
    }

    // MARK: - Certificates

    /// Makes `NAME.pem` and `NAME.key`, signed by `ca`, which is made as well if there is none.
    func certificate(_ name: String, ca: String = "ca") throws {
        let openssl = try Self.tool("openssl")
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        if !FileManager.default.fileExists(atPath: path("\(ca).pem")) {
            try Command.require(
                [openssl, "req", "-x509", "-days", "2", "-subj", "/CN=Test \(ca)"] + key
                    + ["-keyout", path("\(ca).key"), "-out", path("\(ca).pem")]
            )
        }
        let request = path("\(name).csr")
        try Command.require(
            [openssl, "req", "-subj", "/CN=\(name)"] + key + ["-keyout", path("\(name).key"), "-out", request]
        )
        let extensions = try write("subjectAltName=IP:127.0.0.1,DNS:localhost\n", to: "\(name).ext")
        try Command.require(
            [openssl, "x509", "-req", "-days", "2", "-in", request, "-CA", path("\(ca).pem")]
                + ["-CAkey", path("\(ca).key"), "-CAcreateserial", "-extfile", extensions, "-out", path("\(name).pem")]
        )
    }

    // MARK: - Servers

    /// A port that nobody has at this moment.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
            }
        }
        guard status == 0 else { throw LabFailure("no port: \(String(cString: strerror(errno)))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// TLS in front of the collector.
    ///
    /// - Returns: its URL.
    func nginx(before port: Int, clientCertificates: Bool) async throws -> (url: String, port: Int) {
        try certificate("server")
        let own = try Self.freePort()
        let verify = clientCertificates ? "ssl_client_certificate ca.pem; ssl_verify_client on;" : ""
        let names = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        let places = names.map { "\($0)_temp_path \(path($0));" }.joined(separator: " ")
        let configuration = try write(
            """
            daemon off; user root; worker_processes 1; pid nginx.pid; error_log stderr notice;
            events {}
            http {
                access_log off; \(places)
                server {
                    listen 127.0.0.1:\(own) ssl;
                    ssl_certificate server.pem; ssl_certificate_key server.key; \(verify)
                    location / {
                        proxy_pass http://127.0.0.1:\(port);
                        proxy_set_header X-Client $ssl_client_s_dn;
                    }
                }
            }
            """,
            to: "nginx.conf"
        )
        let program = try Program(
            [try Self.tool("nginx"), "-p", folder.path, "-c", configuration, "-e", "stderr"],
            name: "nginx"
        )
        programs.append(program)
        try await program.waitUntilItSays("start worker process ")
        return ("https://127.0.0.1:\(own)", own)
    }

    /// A forward proxy that lets only user `site` with password `pa55-word` through.
    func proxy(to port: Int) async throws -> String {
        let own = try Self.freePort()
        let configuration = try write(
            """
            Port \(own)
            Listen 127.0.0.1
            Timeout 30
            LogLevel Info
            BasicAuth site pa55-word
            ConnectPort \(port)
            """,
            to: "tinyproxy.conf"
        )
        let program = try Program([try Self.tool("tinyproxy"), "-d", "-c", configuration], name: "tinyproxy")
        programs.append(program)
        try await program.waitUntilItSays("Starting main loop")
        return "http://127.0.0.1:\(own)"
    }

    // MARK: - The driver

    static func driver(_ arguments: [String]) throws -> Program {
        try Program([try Executables.built("spool-driver")] + arguments, name: "driver")
    }

    /// Spools `count` results and delivers them.
    ///
    /// - Returns: what the driver left, whether or not it could deliver within `seconds`.
    func deliver(_ count: Int, to url: String, seconds: Double = 20, _ more: [String] = []) async throws -> Finished {
        let arguments = ["--directory", path("spool-\(UUID())"), "--url", url, "--count", "\(count)"]
        let driver = try Self.driver(arguments + ["--drain", "--seconds", "\(seconds)"] + more)
        return try await driver.end(within: seconds + 20)
    }
}
