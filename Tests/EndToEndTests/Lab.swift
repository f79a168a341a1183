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

    private let network: LabNetwork
    private var link: Program?

    var folder: URL { network.folder }

    /// Makes a lab, lets `body` use it, and takes it down whatever happens.
    static func with<Result>(
        forward: String,
        reverse: String,
        seed: UInt64 = 1,
        _ body: (Lab) async throws -> Result
    ) async throws -> Result {
        try await LabNetwork.with { network in
            let lab = Lab(network)
            try lab.build()
            try await lab.startLink(forward: forward, reverse: reverse, seed: seed)
            return try await body(lab)
        }
    }

    private init(_ network: LabNetwork) { self.network = network }

    private func build() throws {
        for place in Place.allCases { try network.add(place.rawValue) }
        try network.set("net/ipv6/conf/all/disable_ipv6", "1", at: Place.path.rawValue)
        for (place, inner, addresses) in [
            (Place.site, "site0", Self.siteAddresses), (.far, "far0", Self.farAddresses),
        ] {
            try network.link(Place.path.rawValue, inner, place.rawValue, "eth0")
            // A checksum or a segmentation left to hardware would never happen: the link moves frames as they are.
            try disableOffloads(interface: inner, at: .path)
            try disableOffloads(interface: "eth0", at: place)
            try network.ip(Place.path.rawValue, "link set \(inner) up")
            try network.configure(place.rawValue, "eth0", ["\(addresses[0])/24", "\(addresses[1])/64"])
        }
    }

    private func disableOffloads(interface: String, at place: Place) throws {
        let off = ["tx", "rx", "gro", "gso", "tso", "sg"].flatMap { [$0, "off"] }
        let ethtool = try LabNetwork.tool("ethtool", of: "ethtool")
        try Command.require(network.at(place.rawValue, [ethtool, "--offload", interface] + off))
    }

    // MARK: Programs

    private var logPath: String { folder.appendingPathComponent("link.csv").path }

    private func startLink(forward: String, reverse: String, seed: UInt64) async throws {
        let program = try start(
            [try Executables.built("impairment-link"), "--site-interface", "site0", "--far-interface", "far0"]
                + ["--forward", forward, "--reverse", reverse, "--seed", "\(seed)", "--log", logPath],
            at: .path
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
        try network.start(arguments, at: place.rawValue)
    }

    /// Starts a reflector at the far end and waits until it listens.
    @discardableResult
    func startReflector(_ options: [String] = []) async throws -> Program {
        try await network.startReflector(options, at: Place.far.rawValue)
    }

    /// Starts a check at the site that reports in JSON.
    func startCheck(_ options: [String]) throws -> Program {
        try network.startCheck(options, at: Place.site.rawValue)
    }

    /// Runs a check at the site to its end.
    func check(_ options: [String], within seconds: Double = 45) async throws -> CheckOutcome {
        try CheckOutcome(try await startCheck(options).end(within: seconds))
    }

    /// Takes the site's or the far end's interface down or up.
    func setInterface(up: Bool, at place: Place) throws {
        try network.ip(place.rawValue, "link set eth0 \(up ? "up" : "down")")
    }

    /// Writes a file that the programs may read, and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }
}
