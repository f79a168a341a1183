import Agent
import ArgumentParser
import Capture
import Readiness
import Settings
import Units

/// What media is and how it should be marked, as options.
struct MediaOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Clients' ports for audio, and its DSCP.", valueName: "ports[:dscp]"),
        transform: { text throws(TextRefusal) in try PortsAndMark(text) }
    )
    var audio: PortsAndMark?

    @Option(
        help: ArgumentHelp("Clients' ports for video, and its DSCP.", valueName: "ports[:dscp]"),
        transform: { text throws(TextRefusal) in try PortsAndMark(text) }
    )
    var video: PortsAndMark?

    @Option(
        help: ArgumentHelp("Clients' ports for screen sharing, and its DSCP.", valueName: "ports[:dscp]"),
        transform: { text throws(TextRefusal) in try PortsAndMark(text) }
    )
    var sharing: PortsAndMark?

    @Option(
        help: ArgumentHelp("The relays' ports.", valueName: "ports"),
        transform: { text throws(TextRefusal) in try PortsAndMark.ports(text[...]) }
    )
    var relayPorts: ClosedRange<UInt16> = 3_478...3_481

    @Option(
        help: ArgumentHelp("Addresses of relays, in the place of Microsoft's; may be repeated.", valueName: "cidr"),
        transform: { text throws(TextRefusal) in try IPPrefix(text) }
    )
    var range: [IPPrefix] = []

    @Option(
        help: ArgumentHelp(
            "Microsoft's addresses from a saved answer of endpoints.office.com/endpoints/worldwide, in the place of "
                + "those built in (of \(MediaRanges.shipped.asOf.rfc3339.prefix(10))).",
            valueName: "file"
        )
    )
    var endpointsFile: String?

    func validate() throws {
        if !range.isEmpty, endpointsFile != nil {
            throw ValidationError("--range and --endpoints-file say the same thing twice; give one.")
        }
    }

    func relays() throws -> RelayRanges {
        if !range.isEmpty { return RelayRanges(ranges: range, source: "--range") }
        let ranges = try RangesFile.ranges(endpointsFile)
        let day = ranges.asOf.rfc3339.prefix(10)
        return RelayRanges(ranges: ranges.prefixes, source: "\(ranges.sourceText), of \(day)")
    }

    func rules(_ relays: RelayRanges) -> MediaRules {
        let classes = zip(MediaClass.teams, [audio, video, sharing]).map { known, own in
            MediaClass(
                name: known.name,
                clientPorts: own?.ports ?? known.clientPorts,
                required: own?.mark ?? known.required
            )
        }
        return MediaRules(classes: classes, relayPorts: relayPorts, ranges: relays.ranges)
    }

    static func text(_ ports: ClosedRange<UInt16>) -> String {
        ports.lowerBound == ports.upperBound ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
    }
}

/// Where relays are, and who says so as of when.
struct RelayRanges {
    var ranges: [IPPrefix]
    var source: String
}

/// `50000-50019:46`: ports, and a mark where it is another than Microsoft's.
struct PortsAndMark {
    var ports: ClosedRange<UInt16>
    var mark: DSCP?

    init(_ text: String) throws(TextRefusal) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        ports = try Self.ports(parts[0])
        if parts.count == 2 { mark = try SettingText.dscp(String(parts[1])) }
    }

    static func ports(_ text: Substring) throws(TextRefusal) -> ClosedRange<UInt16> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard ends.count <= 2, let low = ends[0], let high = ends[ends.count - 1], low > 0 else {
            throw TextRefusal("'\(text)' is not a range of UDP ports (1-65535), as in 50000-50019")
        }
        guard low <= high else { throw TextRefusal("the port range '\(text)' runs backwards") }
        return low...high
    }
}
