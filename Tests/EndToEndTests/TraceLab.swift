import Foundation

/// A path of real routers: `site` – `r1` – `r2` – `r3` – `r4` – `far`, each a network namespace whose kernel forwards.
///
/// Link n has 10.66.n.0/24 and fd66:n::/64; its nearer end is .1, its farther end .2, so that hop n answers from
/// 10.66.n.2. Routers report without a limit of their own.
final class TraceLab {
    static let places = ["site", "r1", "r2", "r3", "r4", "far"]
    /// The far end's addresses: hop 5.
    static let far = (ipv4: "10.66.5.2", ipv6: "fd66:5::2")

    private let network: LabNetwork
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
        try await LabNetwork.with { network in
            let lab = TraceLab(network)
            try lab.build(vlan: vlan)
            if parallel { try lab.buildParallelRouter() }
            try await lab.startReflector()
            return try await body(lab)
        }
    }

    private init(_ network: LabNetwork) { self.network = network }

    private func ip(_ place: String, _ arguments: String) throws { try network.ip(place, arguments) }

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
        let tags = try VLANTags(vlan: vlan, in: network)
        self.tags = tags
        for link in links {
            try tags.add(to: "down\(link)", at: places[link - 1])
            try tags.add(to: "up\(link)", at: places[link])
        }
    }

    /// Shows each tagged frame of UDP on a link, as it is on its way.
    func watchTags(onLink link: Int) throws -> Program {
        let command = try Tcpdump.command(["-i", "up\(link)", "-n", "-e", "-l", "vlan", "and", "udp"])
        return try network.start(command, at: places[link])
    }

    private func make(_ place: String) throws {
        try network.add(place)
        try network.forward(at: place)
        for (name, value) in [
            ("ipv4/icmp_ratelimit", "0"), ("ipv6/icmp/ratelimit", "0"), ("ipv4/conf/all/rp_filter", "0"),
        ] {
            try setting(name, value, at: place)
        }
    }

    func setting(_ name: String, _ value: String, at place: String) throws {
        try network.set("net/\(name)", value, at: place)
    }

    private func connect(_ near: String, _ far: String, link: Int) throws {
        let names = ("down\(link)", "up\(link)")
        try network.link(near, names.0, far, names.1)
        for (place, name, host) in [(near, names.0, 1), (far, names.1, 2)] {
            try network.configure(place, name, ["10.66.\(link).\(host)/24", "fd66:\(link)::\(host)/64"])
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
        try network.load(rules: text, at: place)
    }

    /// How many packets a router's rules with `counter` have counted, in the order of the rules.
    func counters(at place: String) throws -> [Int] {
        let nft = try LabNetwork.tool("nft", of: "nftables")
        let list = try Command.run(network.at(place, [nft, "list", "ruleset"])).standardOutput
        return list.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "packets"), index + 1 < words.count else { return nil }
            return Int(words[index + 1])
        }
    }

    func startReflector(_ options: [String] = []) async throws {
        try await network.startReflector(options, at: "far")
    }

    /// Traces from the site; `wrapper` runs the program, with less than it usually may for instance.
    func trace(_ options: [String], wrapper: [String] = []) async throws -> Finished {
        let program = try network.start(wrapper + [try Executables.built("linecheck"), "trace"] + options, at: "site")
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
            network.at(
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
}
