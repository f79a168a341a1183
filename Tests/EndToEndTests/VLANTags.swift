import Foundation

/// Real VLAN tags (IEEE 802.1Q) on veth interfaces, whether or not the kernel has VLAN interfaces: two small programs
/// that the kernel runs on each frame, one that puts the tag on as it leaves and one that takes it off as it comes in.
///
/// Captures on either interface see what they would see of a VLAN's trunk: the tag is on every frame in both directions,
/// kept beside the frame by the kernel, while sockets and routes know nothing of it.
final class VLANTags {
    /// A file system of the kernel's for its programs; it goes away with the object.
    private let folder: URL
    private let network: LabNetwork
    private let tc: String

    init(vlan: Int, in network: LabNetwork) throws {
        guard let tc = Executables.tool("tc"), let mount = Executables.tool("mount") else {
            throw LabFailure("tc (package iproute2) and mount are needed")
        }
        (self.network, self.tc) = (network, tc)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(network.name)-tags")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Command.require([mount, "-t", "bpf", "bpf", folder.path])
        try Command.require(try Executables.peer("vlan_tags.py") + [folder.path, "\(vlan)"])
    }

    deinit {
        if let umount = Executables.tool("umount") { _ = try? Command.run([umount, folder.path]) }
        try? FileManager.default.removeItem(at: folder)
    }

    func add(to interface: String, at place: String) throws {
        let inside = network.at(place, [tc])
        try Command.require(inside + ["qdisc", "add", "dev", interface, "clsact"])
        for (direction, program) in [("egress", "push"), ("ingress", "pop")] {
            try Command.require(
                inside + ["filter", "add", "dev", interface, direction, "bpf", "direct-action", "object-pinned"]
                    + [folder.appendingPathComponent(program).path]
            )
        }
    }
}
