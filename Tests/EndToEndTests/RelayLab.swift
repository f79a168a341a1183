import Foundation

/// Three network namespaces in a row, `site` – `gate` – `far`, with a real router in the middle that filters, marks and
/// translates by nftables.
///
/// The site has 10.78.1.2 and fd78:1::2, the far end 10.78.2.2, 10.78.2.3 and fd78:2::2.
final class RelayLab {
    enum Place: String, CaseIterable {
        case site, gate, far
    }

    static let server = "10.78.2.2"
    static let other = "10.78.2.3"
    static let serverIPv6 = "fd78:2::2"
    static let ports = "3478-3481"

    static var isAvailable: Bool { LabSupport.isAvailable && missing.isEmpty }
    static let missing = ["turnserver", "nft", "openssl"].filter { Executables.tool($0) == nil }

    let folder: URL
    private let prefix: String
    private let ip: String
    private var programs: [Program] = []

    /// Makes a lab, lets `body` use it, and takes it down whatever happens.
    static func with<Result>(_ body: (RelayLab) async throws -> Result) async throws -> Result {
        let lock = try LabLock()
        try await lock.acquire()
        defer { lock.release() }
        let lab = try RelayLab()
        do {
            try lab.build()
            let result = try await body(lab)
            await lab.tearDown()
            return result
        } catch {
            await lab.tearDown()
            throw error
        }
    }

    private init() throws {
        guard let ip = Executables.tool("ip") else { throw LabFailure("ip is needed") }
        self.ip = ip
        StaleLabs.remove(ip: ip)
        prefix = "lc-\(getpid())-\(LabNumber.next())"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(prefix)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func namespace(_ place: Place) -> String { "\(prefix)-\(place.rawValue)" }

    private func at(_ place: Place, _ arguments: [String]) -> [String] {
        [ip, "netns", "exec", namespace(place)] + arguments
    }

    private func build() throws {
        for place in Place.allCases {
            try Command.require([ip, "netns", "add", namespace(place)])
            try Command.require([ip, "-n", namespace(place), "link", "set", "lo", "up"])
        }
        try join(.site, network: 1, hosts: [2])
        try join(.far, network: 2, hosts: [2, 3])
        for setting in ["ipv4/ip_forward", "ipv6/conf/all/forwarding"] {
            try set("net/\(setting)", "1", at: .gate)
        }
    }

    /// Joins a place to the gate, which is host 1 of its network.
    private func join(_ place: Place, network: Int, hosts: [Int]) throws {
        let inner = "\(place.rawValue)0"
        try Command.require(
            [ip, "-n", namespace(.gate), "link", "add", inner, "type", "veth"]
                + ["peer", "name", "eth0", "netns", namespace(place)]
        )
        for (where_, interface, numbers) in [(Place.gate, inner, [1]), (place, "eth0", hosts)] {
            let common = [ip, "-n", namespace(where_)]
            for number in numbers {
                try Command.require(common + ["address", "add", "10.78.\(network).\(number)/24", "dev", interface])
            }
            let ipv6 = "fd78:\(network)::\(numbers[0])/64"
            try Command.require(common + ["address", "add", ipv6, "dev", interface, "nodad"])
            try Command.require(common + ["link", "set", interface, "up"])
        }
        let common = [ip, "-n", namespace(place)]
        try Command.require(common + ["route", "add", "default", "via", "10.78.\(network).1"])
        try Command.require(common + ["-6", "route", "add", "default", "via", "fd78:\(network)::1"])
    }

    /// Writes a setting of a place's kernel.
    func set(_ name: String, _ value: String, at place: Place) throws {
        try Command.require(at(place, ["/bin/sh", "-c", "echo \(value) > /proc/sys/\(name)"]))
    }

    /// Of the link between the gate and the far end.
    func setMTU(_ octets: Int) throws {
        for (place, interface) in [(Place.gate, "far0"), (.far, "eth0")] {
            try Command.require([ip, "-n", namespace(place), "link", "set", interface, "mtu", "\(octets)"])
        }
    }

    // MARK: The gate

    /// What the gate does with packets that it forwards.
    func filter(_ rules: String...) throws {
        try load("table inet lab {\nchain forwarded {\ntype filter hook forward priority 0;\n", rules)
    }

    /// Which packets of its own the gate keeps to itself.
    func dropOwn(_ matches: String...) throws {
        try load("table inet lab {\nchain own {\ntype filter hook output priority 0;\n", matches.map { $0 + " drop" })
    }

    /// How the gate translates what leaves for the far end.
    func translate(_ statement: String) throws {
        try load(
            "table ip lab {\nchain leaving {\ntype nat hook postrouting priority 100;\n",
            ["oifname \"far0\" \(statement)"]
        )
    }

    private func load(_ head: String, _ rules: [String]) throws {
        guard let nft = Executables.tool("nft") else { throw LabFailure("nft is needed") }
        let file = folder.appendingPathComponent("rules")
        try ("flush ruleset\n" + head + rules.joined(separator: "\n") + "\n}\n}\n")
            .write(to: file, atomically: true, encoding: .utf8)
        try Command.require(at(.gate, [nft, "-f", file.path]))
    }

    // MARK: Programs

    /// Starts any program; it is stopped with the lab at the latest.
    @discardableResult
    func start(_ arguments: [String], at place: Place) throws -> Program {
        let program = try Program(at(place, arguments), name: place.rawValue)
        programs.append(program)
        return program
    }

    /// Starts coturn on four ports of both families, and waits until it listens.
    func startTurnServer(_ options: [String] = ["--lt-cred-mech", "--user", "u:p"]) async throws {
        guard let server = Executables.tool("turnserver") else { throw LabFailure("turnserver is needed") }
        let more = [Self.server, "[\(Self.serverIPv6)]"].flatMap { address in
            (3479...3481).flatMap { ["--aux-server", "\(address):\($0)"] }
        }
        let program = try start(
            [server, "-n", "--log-file", "stdout", "--pidfile", folder.appendingPathComponent("turn.pid").path]
                + ["--realm", "lab.example", "--no-tls", "--no-dtls", "--no-cli", "--listening-port", "3478"]
                + ["--listening-ip", Self.server, "--listening-ip", Self.serverIPv6, "--relay-ip", Self.server]
                + more + options,
            at: .far
        )
        try await program.waitUntilItSays("IO method (general relay thread)", within: 20)
        try await Task.sleep(for: .milliseconds(500))
    }

    /// What the site has in the place of files in /etc; ip-netns(8) puts them there for programs that it starts.
    private var ownSettings: URL { URL(fileURLWithPath: "/etc/netns/\(namespace(.site))") }

    /// Has the site know names of an address.
    func name(_ address: String, as names: [String]) throws {
        try FileManager.default.createDirectory(at: ownSettings, withIntermediateDirectories: true)
        try "127.0.0.1 localhost\n\(address) \(names.joined(separator: " "))\n"
            .write(to: ownSettings.appendingPathComponent("hosts"), atomically: true, encoding: .utf8)
    }

    /// Has the site trust the TLS server's certificate beside the system's.
    func trustTLSServer() throws {
        let folder = ownSettings.appendingPathComponent("ssl/certs")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let system = (try? Data(contentsOf: URL(fileURLWithPath: "/etc/ssl/certs/ca-certificates.crt"))) ?? Data()
        try (system + Data(contentsOf: self.folder.appendingPathComponent("c.pem")))
            .write(to: folder.appendingPathComponent("ca-certificates.crt"))
    }

    /// Starts a TLS server on port 443 whose certificate nobody vouches for.
    ///
    /// - Parameter names: that the certificate is for.
    func startTLSServer(subject: String, names: [String] = []) async throws {
        guard let openssl = Executables.tool("openssl") else { throw LabFailure("openssl is needed") }
        let (key, certificate) = (
            folder.appendingPathComponent("k.pem").path, folder.appendingPathComponent("c.pem").path
        )
        try Command.require(
            [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", subject]
                + (names.isEmpty
                    ? [] : ["-addext", "subjectAltName=" + names.map { "DNS:\($0)" }.joined(separator: ",")])
                + ["-keyout", key, "-out", certificate]
        )
        let server = try start(
            [openssl, "s_server", "-accept", "443", "-key", key, "-cert", certificate, "-www"],
            at: .far
        )
        try await server.waitUntilItSays("ACCEPT")
    }

    func startReflector(_ options: [String] = []) async throws {
        let program = try start([try Executables.built("linecheck"), "reflect"] + options, at: .far)
        try await program.waitUntilItSays("listening")
    }

    /// Runs a check at the site to its end.
    func check(_ options: [String], within seconds: Double = 90) async throws -> CheckOutcome {
        let program = try start(
            [try Executables.built("linecheck"), "check", "--site", "lab", "--format", "json", "--quiet"] + options,
            at: .site
        )
        return try CheckOutcome(try await program.end(within: seconds))
    }

    private func tearDown() async {
        for program in programs where program.isRunning {
            if (try? await program.stop(within: 5)) == nil { program.send(signal: SIGKILL) }
        }
        for place in Place.allCases { _ = try? Command.run([ip, "netns", "delete", namespace(place)]) }
        try? FileManager.default.removeItem(at: ownSettings)
        try? FileManager.default.removeItem(at: folder)
    }
}
