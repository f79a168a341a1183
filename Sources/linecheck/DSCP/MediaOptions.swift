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
        transform: SettingText.portRange
    )
    var relayPorts: ClosedRange<UInt16>?

    @Option(
        help: ArgumentHelp("Addresses of relays, in the place of Microsoft's; may be repeated.", valueName: "cidr"),
        transform: { text throws(TextRefusal) in try IPPrefix(text) }
    )
    var range: [IPPrefix] = []

    @OptionGroup var ranges: RangesOptions

    @Option(
        help: ArgumentHelp(
            "A configuration file, whose sections audit and microsoft say the same as these options; options "
                + "override it.",
            valueName: "file"
        )
    )
    var config: String?

    func validate() throws {
        if !range.isEmpty, let option = ranges.name {
            throw ValidationError("--range and \(option) say the same thing twice; give one.")
        }
    }

    private var settings: AuditSettings {
        var settings = AuditSettings()
        settings.audio = audio
        settings.video = video
        settings.sharing = sharing
        settings.relayPorts = relayPorts
        settings.ranges = range
        return settings
    }

    /// What to look for, from the command line, the configuration and Microsoft, in that order.
    func target() throws -> AuditTarget {
        let file = try config.map(CheckSettings.configuration) ?? Configuration()
        let settings = settings.overriding(file.audit)
        return AuditTarget(settings, relays: try relays(settings, file.endpointsList))
    }

    private func relays(
        _ settings: AuditSettings,
        _ configured: EndpointsListSource?
    ) throws -> RelayRanges {
        if !settings.ranges.isEmpty, ranges.source == nil {
            return RelayRanges(ranges: settings.ranges, source: range.isEmpty ? "audit.ranges" : "--range")
        }
        let found = try RangesSource.ranges(ranges.source ?? configured)
        if let failure = found.failure { Terminal.error(failure) }
        let day = found.asOf.rfc3339.prefix(10)
        return RelayRanges(ranges: found.prefixes, source: "\(found.sourceText), of \(day)")
    }
}

/// Which packets an audit is about.
struct AuditTarget {
    var rules: MediaRules
    var relays: RelayRanges
    var relayPorts: ClosedRange<UInt16>

    init(_ settings: AuditSettings, relays: RelayRanges) {
        self.relays = relays
        relayPorts = settings.relayPorts ?? 3_478...3_481
        let classes = zip(MediaClass.teams, [settings.audio, settings.video, settings.sharing]).map { known, own in
            MediaClass(
                name: known.name,
                clientPorts: own?.ports ?? known.clientPorts,
                required: own?.mark ?? known.required
            )
        }
        rules = MediaRules(classes: classes, relayPorts: relayPorts, ranges: relays.ranges)
    }

    var relayPortsText: String {
        relayPorts.count == 1 ? "\(relayPorts.lowerBound)" : "\(relayPorts.lowerBound)-\(relayPorts.upperBound)"
    }
}

/// Where relays are, and who says so as of when.
struct RelayRanges {
    var ranges: [IPPrefix]
    var source: String
}
