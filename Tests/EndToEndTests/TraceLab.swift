import Foundation

/// A path of real routers: `site` – `r1` – `r2` – `r3` – `r4` – `far`, each a network namespace whose kernel forwards.
///
/// Link n has 10.66.n.0/24 and fd66:n::/64; its nearer end is .1, its farther end .2, so that hop n answers from
/// 10.66.n.2. Routers report without a limit of their own.
final class TraceLab {
    static let places = ["site", "r1", "r2", "r3", "r4", "far"]
    /// The far end's addresses: hop 5.
    static let far = (ipv4: "10.66.5.2", ipv6: "fd66:5::2")

    private let prefix = "lc-\(getpid())-\(LabNumber.next())"
    private let ip: String
    private let nft: String
    private var programs: [Program] = []
    private var places = TraceLab.places
    private var tags: VLANTags?

    /// Makes the routers, lets `body` use them, and takes them down whatever happens.
    ///
    /// - Parameters:
    ///   - parallel: a second router stands beside r3.
    ///   - vlan: frames on the first link and on the third have a tag of this number.
    static func with<Result>(
        parallel: Bool = false,
        vlan: Int? = nil,
        _ body: (TraceLab) async throws -> Result
    ) async throws -> Result {
        let lock = try LabLock()
        try await lock.acquire()
        defer { lock.release() }
        let lab = try TraceLab()
        do {
            try lab.build(vlan: vlan)
            if parallel { try lab.buildParallelRouter() }
            try await lab.startReflector()
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
            throw LabFailure("ip and nft are needed (packages iproute2 and nftables)")
        }
        (self.ip, self.nft) = (ip, nft)
        StaleLabs.remove(ip: ip)
    }

    private func namespace(_ place: String) -> String { "\(prefix)-\(place)" }

    /// The command line that runs `arguments` at `place`.
    private func at(_ place: String, _ arguments: [String]) -> [String] {
        [ip, "netns", "exec", namespace(place)] + arguments
    }

    private func ip(_ place: String, _ arguments: String) throws {
        try Command.require([ip, "-n", namespace(place)] + arguments.split(separator: " ").map(String.init))
    }

    // MARK: Building

    private func build(vlan: Int?) throws {
        for place in places { try make(place) }
        for link in 1..<places.count {
            try connect(places[link - 1], places[link], link: link)
        }
        for (index, place) in places.enumerated() {
            if index + 1 < places.count {
                try ip(place, "route add default via 10.66.\(index + 1).2")
                try ip(place, "-6 route add default via fd66:\(index + 1)::2")
            }
            for link in 1..<max(1, index) {
                try ip(place, "route add 10.66.\(link).0/24 via 10.66.\(index).1")
                try ip(place, "-6 route add fd66:\(link)::/64 via fd66:\(index)::1")
            }
        }
        if let vlan { try tag(links: [1, 3], vlan: vlan) }
    }

    private func tag(links: [Int], vlan: Int) throws {
        let tags = try VLANTags(vlan: vlan, ip: ip, name: prefix)
        self.tags = tags
        for link in links {
            try tags.add(to: "down\(link)", in: namespace(places[link - 1]))
            try tags.add(to: "up\(link)", in: namespace(places[link]))
        }
    }

    /// Shows each tagged frame of UDP on a link, as it is on its way.
    func watchTags(onLink link: Int) throws -> Program {
        let command = try Tcpdump.command(["-i", "up\(link)", "-n", "-e", "-l", "vlan", "and", "udp"])
        let program = try Program(at(places[link], command), name: "tags")
        programs.append(program)
        return program
    }

    private func make(_ place: String) throws {
        try Command.require([ip, "netns", "add", namespace(place)])
        try ip(place, "link set lo up")
        // Addresses are of use at once: nobody else can have them.
        for (name, value) in [
            ("ipv6/conf/all/accept_dad", "0"), ("ipv6/conf/default/accept_dad", "0"),
            ("ipv6/conf/default/dad_transmits", "0"),
            ("ipv4/ip_forward", "1"), ("ipv6/conf/all/forwarding", "1"), ("ipv4/icmp_ratelimit", "0"),
            ("ipv6/icmp/ratelimit", "0"), ("ipv4/conf/all/rp_filter", "0"),
        ] {
            try setting(name, value, at: place)
        }
    }

    func setting(_ name: String, _ value: String, at place: String) throws {
        try Command.require(at(place, ["/bin/sh", "-c", "echo \(value) > /proc/sys/net/\(name)"]))
    }

    private func connect(_ near: String, _ far: String, link: Int) throws {
        let names = ("down\(link)", "up\(link)")
        try ip(near, "link add \(names.0) type veth peer name \(names.1) netns \(namespace(far))")
        for (place, name, host) in [(near, names.0, 1), (far, names.1, 2)] {
            try ip(place, "link set \(name) up")
            try ip(place, "address add 10.66.\(link).\(host)/24 dev \(name)")
            try ip(place, "address add fd66:\(link)::\(host)/64 dev \(name) nodad")
        }
    }

    /// A second way from r2 to r4, by 10.66.13.2; r2 shares flows between both by addresses and ports.
    private func buildParallelRouter() throws {
        places.append("r3b")
        try make("r3b")
        try connect("r2", "r3b", link: 13)
        try connect("r3b", "r4", link: 14)
        try ip("r3b", "route add default via 10.66.14.2")
        for link in [1, 2, 3] { try ip("r3b", "route add 10.66.\(link).0/24 via 10.66.13.1") }
        // Policy 3 looks at the packets; policy 1 would take the sending socket's own hash, which on one host comes along.
        // The fields are both addresses, the protocol and both ports.
        try setting("ipv4/fib_multipath_hash_policy", "3", at: "r2")
        try setting("ipv4/fib_multipath_hash_fields", "55", at: "r2")
        try ip("r2", "route replace default nexthop via 10.66.3.2 nexthop via 10.66.13.2")
    }

    // MARK: Use

    /// Adds rules to a router: `type filter hook <hook> priority 0`, one chain for each call.
    func rules(_ rules: [String], hook: String, at place: String) throws {
        let chain = "\(hook)_rules"
        let text = """
            table inet lab {
              chain \(chain) {
                type filter hook \(hook) priority 0;
            \(rules.map { "    " + $0 }.joined(separator: "\n"))
              }
            }
            """
        try Command.require(at(place, [nft, text]))
    }

    /// How many packets a router's rules with `counter` have counted, in the order of the rules.
    func counters(at place: String) throws -> [Int] {
        let list = try Command.run(at(place, [nft, "list", "ruleset"])).standardOutput
        return list.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "packets"), index + 1 < words.count else { return nil }
            return Int(words[index + 1])
        }
    }

    func startReflector(_ options: [String] = []) async throws {
        let program = try Program(at("far", [try Executables.built("linecheck"), "reflect"] + options), name: "far")
        programs.append(program)
        try await program.waitUntilItSays("listening")
    }

    /// Traces from the site; `wrapper` runs the program, with less than it usually may for instance.
    func trace(_ options: [String], wrapper: [String] = []) async throws -> Finished {
        let program = try Program(
            at("site", wrapper + [try Executables.built("linecheck"), "trace"] + options),
            name: "site"
        )
        programs.append(program)
        return try await program.end(within: 60)
    }

    /// The same, quickly, read from JSON.
    func traced(_ options: [String], wrapper: [String] = []) async throws -> TraceOutcome {
        let pace = ["--interval", "100ms", "--max-hops", "10", "--timeout", "1s", "--format", "json", "--quiet"]
        return try TraceOutcome(try await trace(options + pace, wrapper: wrapper))
    }

    /// The hops that Debian's traceroute finds with these ports, up to the last router.
    func traceroute(to address: String, port: Int, sourcePort: Int? = nil, hops: Int = 4) throws -> [String] {
        guard let tool = Executables.tool("traceroute") else { throw LabFailure("traceroute is needed") }
        let source = sourcePort.map { ["--sport=\($0)"] } ?? []
        let result = try Command.run(
            at(
                "site",
                [tool, "-n", "-U", "-p", "\(port)", "-q", "1", "-N", "1", "-w", "1", "-m", "\(hops)"] + source + [
                    address
                ]
            )
        )
        return result.standardOutput.split(separator: "\n").dropFirst().compactMap { line in
            line.split(separator: " ").dropFirst().first.map(String.init)
        }
    }

    private func tearDown() async {
        for program in programs where program.isRunning {
            if (try? await program.stop(within: 5)) == nil { program.send(signal: SIGKILL) }
        }
        for place in places { _ = try? Command.run([ip, "netns", "delete", namespace(place)]) }
    }
}
