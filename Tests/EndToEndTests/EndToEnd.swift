import Foundation
import Testing

/// Every test that runs real programs over a real path. One after another, since the machine may have few cores and
/// each test measures time.
@Suite("End to end", .serialized, .enabled(if: LabSupport.isAvailable, LabSupport.comment))
enum EndToEnd {}

/// Whether this machine lets a test make network namespaces.
enum LabSupport {
    static var isAvailable: Bool { missing.isEmpty }

    static var comment: Comment {
        Comment(rawValue: "SKIPPED, NOTHING WAS MEASURED: the lab needs \(missing.joined(separator: ", "))")
    }

    private static let missing: [String] = {
        var missing: [String] = []
        if geteuid() != 0 { missing.append("root") }
        for (tool, package) in [("ip", "iproute2"), ("ethtool", "ethtool")] where Executables.tool(tool) == nil {
            missing.append("\(tool) (package \(package))")
        }
        guard missing.isEmpty, let ip = Executables.tool("ip") else { return missing }
        let trial = "lc-\(getpid())-trial"
        let made = (try? Command.run([ip, "netns", "add", trial]))?.status == 0
        let joined =
            (try? Command.run([ip, "-n", trial, "link", "add", "veth0", "type", "veth", "peer", "name", "veth1"]))
        _ = try? Command.run([ip, "netns", "delete", trial])
        if !made { missing.append("permission to make network namespaces") }
        if joined?.status != 0 { missing.append("veth interfaces") }
        return missing
    }()
}
