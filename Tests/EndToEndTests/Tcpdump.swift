/// tcpdump, as an independent witness of what is on a link.
enum Tcpdump {
    /// The command with these options. It shows or writes each frame at once, and its ring has room for seconds: by
    /// itself, tcpdump gives every frame of an interface that offloads a slot of 64 KiB, so that its ring holds 39
    /// frames, and a host that is busy for 20 ms makes it lose some.
    static func command(_ options: [String]) throws -> [String] {
        guard let tool = Executables.tool("tcpdump") else { throw LabFailure("tcpdump is needed") }
        return [tool, "--immediate-mode", "-s", "256", "-B", "16384", "-Z", "root"] + options
    }
}
