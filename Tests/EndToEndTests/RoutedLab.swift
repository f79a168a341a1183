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

    private let network: LabNetwork
    private var tags: VLANTags?

    var folder: URL { network.folder }

    /// Makes a lab, lets `body` use it, and takes it down whatever happens.
    ///
    /// - Parameter vlan: frames between site and router have a tag of this number.
    static func with<Result>(vlan: Int? = nil, _ body: (RoutedLab) async throws -> Result) async throws -> Result {
        try await LabNetwork.with { network in
            let lab = RoutedLab(network)
            try lab.build()
            if let vlan { try lab.tag(vlan) }
            return try await body(lab)
        }
    }

    private init(_ network: LabNetwork) { self.network = network }

    private func build() throws {
        for place in Place.allCases { try network.add(place.rawValue) }
        for (number, place, inner) in [(1, Place.site, Self.siteSide), (2, .far, Self.farSide)] {
            try join(place, number: number, interface: "eth0", toRouterAt: inner)
            try network.ip(place.rawValue, "route add default via 10.88.\(number).1")
            try network.ip(place.rawValue, "-6 route add default via fd88:\(number)::1")
        }
        try network.forward(at: Place.router.rawValue)
    }

    /// Joins a place to the router by 10.88.NUMBER.0/24 and fd88:NUMBER::/64, in which the router is host 1.
    private func join(_ place: Place, number: Int, interface: String, toRouterAt inner: String) throws {
        try network.link(Place.router.rawValue, inner, place.rawValue, interface)
        for (place, interface, host) in [(Place.router, inner, 1), (place, interface, 2)] {
            let addresses = ["10.88.\(number).\(host)/24", "fd88:\(number)::\(host)/64"]
            try network.configure(place.rawValue, interface, addresses)
        }
    }

    /// A second link, the site's eth1, by which packets to 10.88.2.2 and fd88:2::2 leave with the address that eth0 has;
    /// replies come by eth0. What else there is, 10.88.2.3 for one, is reached by eth0 both ways.
    func addDetour() throws {
        try join(.site, number: 3, interface: "eth1", toRouterAt: "site1")
        let routes = [("-4", "10.88.2.2", "10.88.3.1", "10.88.1.2"), ("-6", "fd88:2::2", "fd88:3::1", "fd88:1::2")]
        for (family, far, gateway, source) in routes {
            try network.ip(Place.site.rawValue, "\(family) route add \(far) via \(gateway) dev eth1 src \(source)")
        }
        try network.configure(Place.far.rawValue, "eth0", ["10.88.2.3/24", "fd88:2::3/64"])
    }

    private func tag(_ vlan: Int) throws {
        let tags = try VLANTags(vlan: vlan, in: network)
        self.tags = tags
        try tags.add(to: "eth0", at: Place.site.rawValue)
        try tags.add(to: Self.siteSide, at: Place.router.rawValue)
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
        try network.load(rules: table, at: place.rawValue)
    }

    // MARK: Programs

    /// Starts any program; it is stopped with the lab at the latest.
    func start(_ arguments: [String], at place: Place) throws -> Program {
        try network.start(arguments, at: place.rawValue)
    }

    func startReflector(_ options: [String] = []) async throws {
        try await network.startReflector(options, at: Place.far.rawValue)
    }

    /// Starts a check at the site that reports in JSON; `wrapper` is what runs it.
    func startCheck(_ options: [String], wrapper: [String] = [], program: String? = nil) throws -> Program {
        try network.startCheck(options, at: Place.site.rawValue, wrapper: wrapper, program: program)
    }

    func check(_ options: [String], within seconds: Double = 45) async throws -> CheckOutcome {
        try CheckOutcome(try await startCheck(options).end(within: seconds))
    }
}
