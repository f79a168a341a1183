import Units

/// The address ranges that Microsoft publishes for Teams media, and of when that is.
public struct MediaRanges: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// What this version of Linecheck knows.
        case shipped
        /// A copy of the endpoints web service's answer in a file.
        case file(String)
        case fetched(url: String)
    }

    public var prefixes: [IPPrefix]
    public var source: Source
    /// When the list was taken from Microsoft.
    public var asOf: WallInstant
    /// Why there is no newer list, or none that can be kept, in a sentence that says which one is used; nil where all
    /// went well.
    public var failure: String?

    public init(prefixes: [IPPrefix], source: Source, asOf: WallInstant) {
        self.prefixes = prefixes
        self.source = source
        self.asOf = asOf
    }

    /// Endpoint set 11 ("Optimize", UDP 3478-3481) as listed on 2026-06-06. The list changes: give a newer one.
    public static let shipped = MediaRanges(
        prefixes: [
            IPPrefix(IPAddress(ipv4: 0x3470_0000), length: 14), IPPrefix(IPAddress(ipv4: 0x347a_0000), length: 15),
            IPPrefix(IPAddress(ipv6High: 0x2603_1063_0000_0000, low: 0), length: 38),
        ],
        source: .shipped,
        asOf: WallInstant(nanosecondsSinceUnixEpoch: 1_780_704_000_000_000_000)
    )

    public func contains(_ address: IPAddress) -> Bool { prefixes.contains { $0.contains(address) } }

    /// `52.112.0.0/14, 52.122.0.0/15 and 2603:1063::/38`.
    public var text: String { ListText.and(prefixes.map(\.description)) }

    public var sourceText: String {
        switch source {
        case .shipped: "the list that came with Linecheck"
        case .file(let path): "the list in \(path)"
        case .fetched(let url): "the list from \(url)"
        }
    }

    /// Whether a host name is one of Microsoft's, so that its addresses ought to be within the ranges.
    public static func isMicrosoftName(_ host: String) -> Bool {
        let name = host.lowercased().trimmingDot
        return ["teams.microsoft.com", "teams.microsoft.us", "skype.com", "teams.cloud.microsoft", "lync.com"]
            .contains { name == $0 || name.hasSuffix("." + $0) }
    }
}

extension String {
    fileprivate var trimmingDot: String { hasSuffix(".") ? String(dropLast()) : self }
}

/// The ranges, the ways to them, and what of Microsoft's resolved to an address outside them.
public struct RangesEvidence: Hashable, Sendable {
    public struct Outsider: Hashable, Sendable {
        public var host: String
        public var address: IPAddress

        public init(host: String, address: IPAddress) {
            self.host = host
            self.address = address
        }
    }

    public var ranges: MediaRanges
    /// How old the list was when it was used.
    public var age: Nanoseconds
    /// An endpoint that is measured has one of Microsoft's names, so that the check is about its ranges.
    public var areMeasured: Bool
    /// The way to each range, and to each part of one that has a route of its own; the name is the range's.
    public var routes: [DestinationRoute]
    public var outside: [Outsider]

    public init(
        ranges: MediaRanges,
        age: Nanoseconds,
        areMeasured: Bool = false,
        routes: [DestinationRoute],
        outside: [Outsider]
    ) {
        self.ranges = ranges
        self.areMeasured = areMeasured
        self.age = age
        self.routes = routes
        self.outside = outside
    }
}

/// Lists as sentences have them.
enum ListText {
    /// `a, b and c`.
    static func and(_ items: [String]) -> String {
        guard items.count > 1, let last = items.last else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }
}
