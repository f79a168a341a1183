import Readiness
import Settings
import Units
import Yams

/// What media is and how it should be marked, for `linecheck dscp`, as far as somebody said so. What is nil is as
/// Microsoft has it.
public struct AuditSettings: Hashable, Sendable {
    /// Clients' ports by class, and the mark of each.
    public var audio: PortsAndMark?
    public var video: PortsAndMark?
    public var sharing: PortsAndMark?
    public var relayPorts: ClosedRange<UInt16>?
    /// Where the relays are, in the place of Microsoft's ranges; empty where nobody said so.
    public var ranges: [IPPrefix] = []

    public init() {}

    /// These settings where they say something, else those.
    public func overriding(_ base: AuditSettings) -> AuditSettings {
        var merged = AuditSettings()
        merged.audio = audio ?? base.audio
        merged.video = video ?? base.video
        merged.sharing = sharing ?? base.sharing
        merged.relayPorts = relayPorts ?? base.relayPorts
        merged.ranges = ranges.isEmpty ? base.ranges : ranges
        return merged
    }
}

/// `50000-50019:46`: ports, and a mark where it is another than Microsoft's.
public struct PortsAndMark: Hashable, Sendable {
    public var ports: ClosedRange<UInt16>
    public var mark: DSCP?

    public init(_ text: String) throws(TextRefusal) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        ports = try SettingText.portRange(String(parts[0]))
        if parts.count == 2 { mark = try SettingText.dscp(String(parts[1])) }
    }
}

extension SettingText {
    /// `50000-50019`, or one port.
    public static func portRange(_ text: String) throws(TextRefusal) -> ClosedRange<UInt16> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard ends.count <= 2, let low = ends[0], let high = ends[ends.count - 1], low > 0 else {
            throw TextRefusal("'\(text)' is not a range of UDP ports (1-65535), as in 50000-50019")
        }
        guard low <= high else { throw TextRefusal("the port range '\(text)' runs backwards") }
        return low...high
    }
}

extension ConfigurationKeys {
    public static let audit = ["audio", "video", "sharing", "relay_ports", "ranges"]
}

extension AuditSettings {
    init(_ node: Node, _ reader: YAMLReader) {
        self.init()
        let keys = reader.mapping(node, name: "audit", known: ConfigurationKeys.audit)
        func ports(_ key: String) -> PortsAndMark? {
            reader.value(keys[key], name: "audit.\(key)") { (text) throws(TextRefusal) in try PortsAndMark(text) }
        }
        audio = ports("audio")
        video = ports("video")
        sharing = ports("sharing")
        relayPorts = reader.value(keys["relay_ports"], name: "audit.relay_ports", SettingText.portRange)
        guard let list = keys["ranges"] else { return }
        ranges = reader.items(list, name: "audit.ranges", form: "as [192.0.2.0/24]").compactMap { item in
            reader.value(item, name: "audit.ranges") { (text) throws(TextRefusal) in try IPPrefix(text) }
        }
    }
}
