import Foundation

/// The network namespaces of one lab, the links between them, and the programs that run in them.
///
/// Namespaces and folder are named for the process and the lab, so that labs of several runs keep apart and what a run
/// that crashed has left behind can be told (``StaleLabs``).
final class LabNetwork {
    /// For files of the lab's programs; it goes away with the lab.
    let folder: URL
    let name: String
    let ip: String
    private var places: [String] = []
    private var programs: [Program] = []

    /// Makes a network, lets `body` use it, and takes it down whatever happens. One lab at a time on the machine.
    static func with<Result>(_ body: (LabNetwork) async throws -> Result) async throws -> Result {
        let lock = try LabLock()
        try await lock.acquire()
        defer { lock.release() }
        let network = try LabNetwork()
        do {
            let result = try await body(network)
            await network.tearDown()
            return result
        } catch {
            await network.tearDown()
            throw error
        }
    }

    private init() throws {
        ip = try Self.tool("ip", of: "iproute2")
        StaleLabs.remove(ip: ip)
        name = "lc-\(getpid())-\(LabNumber.next())"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    static func tool(_ name: String, of package: String) throws -> String {
        guard let tool = Executables.tool(name) else {
            throw LabFailure("\(name) is needed (package \(package))")
        }
        return tool
    }

    private func tearDown() async {
        for program in programs where program.isRunning {
            if (try? await program.stop(within: 5)) == nil { program.send(signal: SIGKILL) }
        }
        for place in places {
            _ = try? Command.run([ip, "netns", "delete", namespace(place)])
            try? FileManager.default.removeItem(at: settingsFolder(of: place))
        }
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: Places and links

    func namespace(_ place: String) -> String { "\(name)-\(place)" }

    /// What a place has in the place of files in /etc; ip-netns(8) puts them there for programs that it starts.
    func settingsFolder(of place: String) -> URL { URL(fileURLWithPath: "/etc/netns/\(namespace(place))") }

    /// Adds a place whose addresses are of use at once: nobody else can have them, and one that still looked for its
    /// double would lose the first packets.
    func add(_ place: String) throws {
        try Command.require([ip, "netns", "add", namespace(place)])
        places.append(place)
        for which in ["all", "default"] {
            try set("net/ipv6/conf/\(which)/accept_dad", "0", at: place)
            try set("net/ipv6/conf/\(which)/dad_transmits", "0", at: place)
        }
        try ip(place, "link set lo up")
    }

    /// Has a place forward packets, as a router does.
    func forward(at place: String) throws {
        try set("net/ipv4/ip_forward", "1", at: place)
        try set("net/ipv6/conf/all/forwarding", "1", at: place)
    }

    /// A link between two places; both ends are still down.
    func link(_ place: String, _ interface: String, _ other: String, _ otherInterface: String) throws {
        try ip(place, "link add \(interface) type veth peer name \(otherInterface) netns \(namespace(other))")
    }

    /// Takes an interface up and gives it its addresses, each with its prefix length.
    func configure(_ place: String, _ interface: String, _ addresses: [String]) throws {
        try ip(place, "link set \(interface) up")
        for address in addresses {
            try ip(place, "address add \(address) dev \(interface)" + (address.contains(":") ? " nodad" : ""))
        }
    }

    /// Runs ip(8) in a place; the arguments stand as they would in a shell.
    func ip(_ place: String, _ arguments: String) throws {
        try Command.require([ip, "-n", namespace(place)] + arguments.split(separator: " ").map(String.init))
    }

    /// Writes a setting of a place's kernel.
    ///
    /// - Parameter name: below /proc/sys.
    func set(_ name: String, _ value: String, at place: String) throws {
        try Command.require(at(place, ["/bin/sh", "-c", "echo \(value) > /proc/sys/\(name)"]))
    }

    /// Loads rules of nftables at a place.
    func load(rules: String, at place: String) throws {
        let file = folder.appendingPathComponent("\(place).nft")
        try rules.write(to: file, atomically: true, encoding: .utf8)
        try Command.require(at(place, [try Self.tool("nft", of: "nftables"), "-f", file.path]))
    }

    // MARK: Programs

    /// The command line that runs `arguments` at a place.
    func at(_ place: String, _ arguments: [String]) -> [String] {
        [ip, "netns", "exec", namespace(place)] + arguments
    }

    /// Starts any program; it is stopped with the lab at the latest.
    func start(_ arguments: [String], at place: String) throws -> Program {
        let program = try Program(at(place, arguments), name: place)
        programs.append(program)
        return program
    }

    /// Starts a reflector and waits until it listens.
    @discardableResult
    func startReflector(_ options: [String], at place: String) async throws -> Program {
        let program = try start([try Executables.built("linecheck"), "reflect"] + options, at: place)
        try await program.waitUntilItSays("listening")
        return program
    }

    /// Starts a check that reports in JSON; `wrapper` is what runs it.
    func startCheck(
        _ options: [String],
        at place: String,
        wrapper: [String] = [],
        program: String? = nil
    ) throws -> Program {
        let linecheck = try program ?? Executables.built("linecheck")
        return try start(
            wrapper + [linecheck, "check", "--site", "lab", "--format", "json", "--quiet"] + options,
            at: place
        )
    }
}
