import Units

extension PathEvidence {
    func rangesFindings() -> [Finding] {
        guard let ranges else { return [] }
        let found = ranges.outsideFindings() + ranges.routedDifferently()
        let hasTunnel = ranges.routes.contains { $0.route?.tunnel != nil }
        return found + ranges.staleFindings(isReliedOn: !found.isEmpty || hasTunnel) + ranges.fetchFindings()
    }
}

extension RangesEvidence {
    private var listed: [Finding.Evidence] {
        [
            .init("ranges", .text(ranges.prefixes.map(\.description).joined(separator: ", "))),
            .init("list_as_of", .text(String(ranges.asOf.rfc3339.prefix(10)))),
        ]
    }

    func outsideFindings() -> [Finding] {
        guard !outside.isEmpty else { return [] }
        let names = outside.map { "\($0.host) (\($0.address))" }.inOrderOfAppearance
        return [
            Finding(
                code: .pathOutsideMicrosoftRanges,
                severity: .atRisk,
                summary: "\(ListText.and(names)) \(names.count == 1 ? "is" : "are") outside Microsoft's media ranges: "
                    + "media to there gets none of the treatment that the ranges are given.",
                evidence: [.init("addresses", .text(names.joined(separator: ", ")))] + listed,
                remedy:
                    "Ask a resolver that the network does not answer for (a proxy or filter that rewrites names shows "
                    + "so), and take a new list of ranges: microsoft.endpoints_file, or --endpoints-file."
            )
        ]
    }

    /// What makes two ways the same.
    private struct Way: Hashable {
        var interface: String?
        var gateway: IPAddress?
        var tunnel: String?

        init(_ destination: DestinationRoute) {
            interface = destination.route?.interface
            gateway = destination.route?.gateway
            tunnel = destination.route?.tunnel
        }

        var text: String {
            guard let interface else { return "not routed" }
            return (gateway.map { "via \($0) " } ?? "") + "dev \(interface)" + (tunnel.map { ", \($0)" } ?? "")
        }
    }

    /// Within each family, since a site's IPv6 may well take another way than its IPv4.
    func routedDifferently() -> [Finding] {
        [IPAddress.Family.ipv4, .ipv6].compactMap { family in
            let found = routes.filter { $0.address.family == family }
            let ways = found.map(Way.init)
            let distinct = ways.inOrderOfAppearance
            guard distinct.count > 1, distinct.contains(where: { $0.interface != nil }) else { return nil }
            let isSerious = distinct.contains { $0.interface == nil } || Set(distinct.map(\.tunnel)).count > 1
            let listed = zip(found, ways).map { "\($0.name) \($1.text)" }.inOrderOfAppearance
            return Finding(
                code: .pathRangesRoutedDifferently,
                severity: isSerious ? .atRisk : .info,
                summary: "Microsoft's \(family.text) media ranges leave this host by different ways: "
                    + "which relay a call gets decides how it sounds.",
                evidence: [.init("ways", .text(listed.joined(separator: "; ")))] + self.listed,
                remedy: "Route all of \(ranges.text) the same way, past any tunnel."
            )
        }
    }

    private static let greatestAge = Nanoseconds.seconds(60 * 86_400)

    /// Microsoft changes the list so often that one of this age may be wrong.
    public var isStale: Bool { age > Self.greatestAge }

    /// An old list matters where something rests on it: a finding about the ranges, a measurement of one of Microsoft's
    /// relays, or somebody's own list, which wants to be renewed. That every check by a Linecheck of some age tells the
    /// age of the list that came with it would be noise; the report's page on the path and the doctor tell it always.
    func staleFindings(isReliedOn: Bool) -> [Finding] {
        guard isStale, isReliedOn || areMeasured || ranges.source != .shipped,
            !outside.isEmpty || areMeasured || routes.contains(where: { $0.route != nil })
        else { return [] }
        let days = Int(age.seconds / 86_400)
        return [
            Finding(
                code: .rangesStale,
                severity: .info,
                summary:
                    "Microsoft's ranges are taken from \(ranges.sourceText), which is \(NumberText.count(days)) days "
                    + "old; Microsoft changes them.",
                evidence: listed + [.init("age_days", .count(days))],
                remedy:
                    "Let Linecheck fetch it: --endpoints-url https://endpoints.office.com/endpoints/worldwide, or "
                    + "microsoft.endpoints_url. Or save that answer and name the file with --endpoints-file."
            )
        ]
    }

    func fetchFindings() -> [Finding] {
        guard let failure = ranges.failure else { return [] }
        return [
            Finding(
                code: .rangesNotFetched,
                severity: .info,
                summary: failure + ".",
                evidence: listed,
                remedy:
                    "See that this host gets there by HTTPS, past any proxy that is set (https_proxy), or save the list "
                    + "and name the file with --endpoints-file."
            )
        ]
    }
}
