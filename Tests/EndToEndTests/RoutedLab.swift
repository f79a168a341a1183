import Foundation

/// Three network namespaces in a row, `site` – `router` – `far`, and rules that rewrite packets at any of them.
///
/// The site has 10.88.1.2 and fd88:1::2, the far end 10.88.2.2 and fd88:2::2.
final class RoutedLab {
    enum Place: String, CaseIterable {
        case site, router, far
    }

    /// The router's interfaces, by the side that they are on.
    static let siteSide = "site0"
    static let farSide = "far0"

    let folder: URL
    private let prefix: String
    private let ip: String
    private let nft: String
    private var programs: [Program] = []
    private var tags: VLANTags?

    /// Makes a lab, lets `body` use it, and takes it down whatever happens.
    ///
    /// - Parameter vlan: frames between site and router have a tag of this number.
    static func with<Result>(vlan: Int? = nil, _ body: (RoutedLab) async throws -> Result) async throws -> Result {
        let lock = try LabLock()
        try await lock.acquire()
        defer { lock.release() }
        let lab = try RoutedLab()
        do {
            try lab.build()
            if let vlan { try lab.tag(vlan) }
            let result = try await body(lab)
            await lab.tearDown()
            return result
        } catch {
            await lab.tearDown()
            throw error
        }
    }

    private init() throws {
        guard let ip = Executables.tool("ip"), let nft = Executables.tool("nft") else {
            throw LabFailure("ip (package iproute2) and nft (package nftables) are needed")
        }
        (self.ip, self.nft) = (ip, nft)
        StaleLabs.remove(ip: ip)
        prefix = "lc-\(getpid())-routed\(LabNumber.next())"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(prefix)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func namespace(_ place: Place) -> String { "\(prefix)-\(place.rawValue)" }

    private func build() throws {
        for place in Place.allCases {
            try ip(place: nil, "netns", "add", namespace(place))
            // An address that still looks for its double would lose the first packets.
            let noDetection = "for all in all default; do echo 0 > /proc/sys/net/ipv6/conf/$all/accept_dad; done"
            try Command.require(command(["/bin/sh", "-c", noDetection], at: place))
            try ip(place: place, "link", "set", "lo", "up")
        }
        for (number, place, inner) in [(1, Place.site, Self.siteSide), (2, .far, Self.farSide)] {
            try join(place, number: number, interface: "eth0", toRouterAt: inner)
            try ip(place: place, "route", "add", "default", "via", "10.88.\(number).1")
            try ip(place: place, "-6", "route", "add", "default", "via", "fd88:\(number)::1")
        }
        let forwarding = "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding"
        try Command.require(command(["/bin/sh", "-c", forwarding], at: .router))
    }

    /// Joins a place to the router by 10.88.NUMBER.0/24 and fd88:NUMBER::/64, in which the router is host 1.
    private func join(_ place: Place, number: Int, interface: String, toRouterAt inner: String) throws {
        let peer = ["type", "veth", "peer", "name", interface, "netns", namespace(place)]
        try Command.require([ip, "-n", namespace(.router), "link", "add", inner] + peer)
        for (place, interface, host) in [(Place.router, inner, 1), (place, interface, 2)] {
            try ip(place: place, "address", "add", "10.88.\(number).\(host)/24", "dev", interface)
            try ip(place: place, "address", "add", "fd88:\(number)::\(host)/64", "dev", interface, "nodad")
            try ip(place: place, "link", "set", interface, "up")
        }
    }

    /// A second link, the site's eth1, by which packets to 10.88.2.2 and fd88:2::2 leave with the address that eth0 has;
    /// replies come by eth0. What else there is, 10.88.2.3 for one, is reached by eth0 both ways.
    func addDetour() throws {
        try join(.site, number: 3, interface: "eth1", toRouterAt: "site1")
        let routes = [("-4", "10.88.2.2", "10.88.3.1", "10.88.1.2"), ("-6", "fd88:2::2", "fd88:3::1", "fd88:1::2")]
        for (family, far, gateway, source) in routes {
            try ip(place: .site, family, "route", "add", far, "via", gateway, "dev", "eth1", "src", source)
        }
        try ip(place: .far, "address", "add", "10.88.2.3/24", "dev", "eth0")
        try ip(place: .far, "address", "add", "fd88:2::3/64", "dev", "eth0", "nodad")
    }

    private func tag(_ vlan: Int) throws {
        let tags = try VLANTags(vlan: vlan, ip: ip, name: prefix)
        self.tags = tags
        try tags.add(to: "eth0", in: namespace(.site))
        try tags.add(to: Self.siteSide, in: namespace(.router))
    }

    /// Runs ip(8), in a place or outside of all.
    func ip(place: Place?, _ arguments: String...) throws {
        let selection = place.map { ["-n", namespace($0)] } ?? []
        try Command.require([ip] + selection + arguments)
    }

    private func command(_ arguments: [String], at place: Place) -> [String] {
        [ip, "netns", "exec", namespace(place)] + arguments
    }

    /// Puts rules into one chain of the place, in the place of any before.
    func rewrite(at place: Place, hook: String, _ rules: String...) throws {
        let table = """
            flush ruleset
            table inet lab {
                chain rewriting {
                    type filter hook \(hook) priority mangle
                    \(rules.joined(separator: "\n"))
                }
            }
            """
        let file = folder.appendingPathComponent("\(place.rawValue).nft")
        try table.write(to: file, atomically: true, encoding: .utf8)
        try Command.require(command([nft, "-f", file.path], at: place))
    }

    // MARK: Programs

    /// Starts any program; it is stopped with the lab at the latest.
    func start(_ arguments: [String], at place: Place) throws -> Program {
        let program = try Program(command(arguments, at: place), name: place.rawValue)
        programs.append(program)
        return program
    }

    func startReflector(_ options: [String] = []) async throws {
        let program = try start([try Executables.built("linecheck"), "reflect"] + options, at: .far)
        try await program.waitUntilItSays("listening")
    }

    /// Starts a check at the site that reports in JSON; `wrapper` is what runs it.
    func startCheck(_ options: [String], wrapper: [String] = [], program: String? = nil) throws -> Program {
        let linecheck = try program ?? Executables.built("linecheck")
        return try start(
            wrapper + [linecheck, "check", "--site", "lab", "--format", "json", "--quiet"] + options,
            at: .site
        )
    }

    func check(_ options: [String], within seconds: Double = 45) async throws -> CheckOutcome {
        try CheckOutcome(try await startCheck(options).end(within: seconds))
    }

    private func tearDown() async {
        for program in programs where program.isRunning {
            if (try? await program.stop(within: 5)) == nil { program.send(signal: SIGKILL) }
        }
        for place in Place.allCases { _ = try? Command.run([ip, "netns", "delete", namespace(place)]) }
        try? FileManager.default.removeItem(at: folder)
    }
}
