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

    private let network: LabNetwork

    var folder: URL { network.folder }

    /// Makes a lab, lets `body` use it, and takes it down whatever happens.
    static func with<Result>(_ body: (RelayLab) async throws -> Result) async throws -> Result {
        try await LabNetwork.with { network in
            let lab = RelayLab(network)
            try lab.build()
            return try await body(lab)
        }
    }

    private init(_ network: LabNetwork) { self.network = network }

    private func build() throws {
        for place in Place.allCases { try network.add(place.rawValue) }
        try join(.site, number: 1, hosts: [2])
        try join(.far, number: 2, hosts: [2, 3])
        try network.forward(at: Place.gate.rawValue)
    }

    /// Joins a place to the gate, which is host 1 of its network.
    private func join(_ place: Place, number: Int, hosts: [Int]) throws {
        let inner = "\(place.rawValue)0"
        try network.link(Place.gate.rawValue, inner, place.rawValue, "eth0")
        for (place, interface, hosts) in [(Place.gate, inner, [1]), (place, "eth0", hosts)] {
            let addresses = hosts.map { "10.78.\(number).\($0)/24" } + ["fd78:\(number)::\(hosts[0])/64"]
            try network.configure(place.rawValue, interface, addresses)
        }
        try network.ip(place.rawValue, "route add default via 10.78.\(number).1")
        try network.ip(place.rawValue, "-6 route add default via fd78:\(number)::1")
    }

    /// Writes a setting of a place's kernel.
    func set(_ name: String, _ value: String, at place: Place) throws {
        try network.set(name, value, at: place.rawValue)
    }

    /// Of the link between the gate and the far end.
    func setMTU(_ octets: Int) throws {
        for (place, interface) in [(Place.gate, "far0"), (.far, "eth0")] {
            try network.ip(place.rawValue, "link set \(interface) mtu \(octets)")
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
        let text = "flush ruleset\n" + head + rules.joined(separator: "\n") + "\n}\n}\n"
        try network.load(rules: text, at: Place.gate.rawValue)
    }

    // MARK: Programs

    /// Starts any program; it is stopped with the lab at the latest.
    @discardableResult
    func start(_ arguments: [String], at place: Place) throws -> Program {
        try network.start(arguments, at: place.rawValue)
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

    private var ownSettings: URL { network.settingsFolder(of: Place.site.rawValue) }

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
        try await network.startReflector(options, at: Place.far.rawValue)
    }

    /// Runs a check at the site to its end.
    func check(_ options: [String], within seconds: Double = 90) async throws -> CheckOutcome {
        let program = try network.startCheck(options, at: Place.site.rawValue)
        return try CheckOutcome(try await program.end(within: seconds))
    }
}
