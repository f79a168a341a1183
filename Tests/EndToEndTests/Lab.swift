import Foundation

/// Three network namespaces in a row, `site` – `path` – `far`, with the impairment link in the middle one.
///
/// The site has 10.77.0.1 and fd77::1, the far end 10.77.0.2 and fd77::2.
final class Lab {
    enum Place: String, CaseIterable {
        case site, path, far
    }

    static let siteAddresses = ["10.77.0.1", "fd77::1"]
    static let farAddresses = ["10.77.0.2", "fd77::2"]

    let folder: URL
    private let prefix: String
    private let ip: String
    private let ethtool: String
    private var link: Program?
    private var programs: [Program] = []

    /// Makes a lab, lets `body` use it, and takes it down whatever happens.
    static func with<Result>(
        forward: String,
        reverse: String,
        seed: UInt64 = 1,
        _ body: (Lab) async throws -> Result
    ) async throws -> Result {
        let lock = try LabLock()
        try await lock.acquire()
        defer { lock.release() }
        let lab = try Lab()
        do {
            try lab.build()
            try await lab.startLink(forward: forward, reverse: reverse, seed: seed)
            let result = try await body(lab)
            await lab.tearDown()
            return result
        } catch {
            await lab.tearDown()
            throw error
        }
    }

    private init() throws {
        guard let ip = Executables.tool("ip"), let ethtool = Executables.tool("ethtool") else {
            throw LabFailure("ip and ethtool are needed")
        }
        (self.ip, self.ethtool) = (ip, ethtool)
        StaleLabs.remove(ip: ip)
        prefix = "lc-\(getpid())-\(LabNumber.next())"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(prefix)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func namespace(_ place: Place) -> String { "\(prefix)-\(place.rawValue)" }

    /// The command line that runs `arguments` at `place`.
    private func at(_ place: Place, _ arguments: [String]) -> [String] {
        [ip, "netns", "exec", namespace(place)] + arguments
    }

    private func build() throws {
        for place in Place.allCases { try Command.require([ip, "netns", "add", namespace(place)]) }
        try writeSetting("net/ipv6/conf/all/disable_ipv6", "1", at: .path)
        for (place, inner, addresses) in [
            (Place.site, "site0", Self.siteAddresses), (.far, "far0", Self.farAddresses),
        ] {
            try Command.require(
                [ip, "-n", namespace(.path), "link", "add", inner, "type", "veth"]
                    + ["peer", "name", "eth0", "netns", namespace(place)]
            )
            // A checksum or a segmentation left to hardware would never happen: the link moves frames as they are.
            try disableOffloads(interface: inner, at: .path)
            try disableOffloads(interface: "eth0", at: place)
            try Command.require([ip, "-n", namespace(.path), "link", "set", inner, "up"])
            try Command.require([ip, "-n", namespace(place), "link", "set", "lo", "up"])
            try configure(place, ipv4: addresses[0], ipv6: addresses[1])
        }
    }

    private func configure(_ place: Place, ipv4: String, ipv6: String) throws {
        let common = [ip, "-n", namespace(place)]
        try Command.require(common + ["address", "add", "\(ipv4)/24", "dev", "eth0"])
        try Command.require(common + ["address", "add", "\(ipv6)/64", "dev", "eth0", "nodad"])
        try Command.require(common + ["link", "set", "eth0", "up"])
    }

    private func disableOffloads(interface: String, at place: Place) throws {
        let off = ["tx", "rx", "gro", "gso", "tso", "sg"].flatMap { [$0, "off"] }
        try Command.require(at(place, [ethtool, "--offload", interface] + off))
    }

    private func writeSetting(_ name: String, _ value: String, at place: Place) throws {
        try Command.require(at(place, ["/bin/sh", "-c", "echo \(value) > /proc/sys/\(name)"]))
    }

    // MARK: Programs

    private var logPath: String { folder.appendingPathComponent("link.csv").path }

    private func startLink(forward: String, reverse: String, seed: UInt64) async throws {
        let program = try Program(
            at(
                .path,
                [try Executables.built("impairment-link"), "--site-interface", "site0", "--far-interface", "far0"]
            )
                + ["--forward", forward, "--reverse", reverse, "--seed", "\(seed)", "--log", logPath],
            name: "link"
        )
        link = program
        try await program.waitUntilItSays("ready")
    }

    /// Stops the link and reads what it did.
    ///
    /// - Throws: ``LabFailure`` when the link itself failed in any way, so that the truth is never silently wrong.
    func pathLog() async throws -> [LoggedFrame] {
        guard let link else { throw LabFailure("the link was stopped before") }
        self.link = nil
        let result = try await link.stop()
        guard result.status == 0 else { throw LabFailure("the link failed: \(result.standardError)") }
        return try LoggedFrame.read(csv: String(contentsOfFile: logPath, encoding: .utf8))
    }

    /// Starts any program; it is stopped with the lab at the latest.
    func start(_ arguments: [String], at place: Place) throws -> Program {
        let program = try Program(at(place, arguments), name: place.rawValue)
        programs.append(program)
        return program
    }

    /// Starts a reflector at the far end and waits until it listens.
    @discardableResult
    func startReflector(_ options: [String] = []) async throws -> Program {
        let program = try start([try Executables.built("linecheck"), "reflect"] + options, at: .far)
        try await program.waitUntilItSays("listening")
        return program
    }

    /// Starts a check at the site that reports in JSON.
    func startCheck(_ options: [String]) throws -> Program {
        try start(
            [try Executables.built("linecheck"), "check", "--site", "lab", "--format", "json", "--quiet"] + options,
            at: .site
        )
    }

    /// Runs a check at the site to its end.
    func check(_ options: [String], within seconds: Double = 45) async throws -> CheckOutcome {
        try CheckOutcome(try await startCheck(options).end(within: seconds))
    }

    /// Takes the site's or the far end's interface down or up.
    func setInterface(up: Bool, at place: Place) throws {
        try Command.require([ip, "-n", namespace(place), "link", "set", "eth0", up ? "up" : "down"])
    }

    /// Writes a file that the programs may read, and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    private func tearDown() async {
        for program in programs + (link.map { [$0] } ?? []) where program.isRunning {
            if (try? await program.stop(within: 5)) == nil { program.send(signal: SIGKILL) }
        }
        for place in Place.allCases { _ = try? Command.run([ip, "netns", "delete", namespace(place)]) }
        try? FileManager.default.removeItem(at: folder)
    }
}
