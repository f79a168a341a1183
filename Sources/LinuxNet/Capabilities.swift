import CLinux

/// What this process may do beyond an ordinary one (capabilities(7)).
public struct Capabilities: Hashable, Sendable {
    private let effective: UInt64

    /// Those in effect now; none where /proc is not mounted.
    public init() {
        let lines = TextFile.read("/proc/self/status")?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("CapEff:") }
        let digits = line?.split(whereSeparator: { $0 == "\t" || $0 == " " }).last ?? "0"
        effective = UInt64(digits, radix: 16) ?? 0
    }

    private func has(_ capability: Int32) -> Bool { effective >> UInt64(capability) & 1 == 1 }

    /// Captures and raw sockets.
    public var netRaw: Bool { has(CAP_NET_RAW) }

    /// Real-time scheduling.
    public var sysNice: Bool { has(CAP_SYS_NICE) }
}
