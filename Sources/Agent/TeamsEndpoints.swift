import Foundation
import Units

/// Where the transport relays of Teams are: the addresses of Microsoft's endpoint set 11, UDP 3478-3481.
public struct TeamsEndpoints: Hashable, Sendable {
    public var ranges: [IPPrefix]
    /// Who says so, and as of when.
    public var source: String

    public init(ranges: [IPPrefix], source: String) {
        self.ranges = ranges
        self.source = source
    }

    /// The list changes: this is how it stood on that day.
    public static let shipped = TeamsEndpoints(
        ranges: [
            IPPrefix(IPAddress(ipv4: 0x3470_0000), length: 14),
            IPPrefix(IPAddress(ipv4: 0x347a_0000), length: 15),
            IPPrefix(IPAddress(ipv6High: 0x2603_1063_0000_0000, low: 0), length: 38),
        ],
        source: "Microsoft's list of 2026-08-14"
    )

    /// One endpoint set of the endpoints web service.
    private struct EndpointSet: Decodable {
        var udpPorts: String?
        var ips: [String]?
    }

    /// Reads a saved answer of Microsoft's endpoints web service (`endpoints/worldwide`): of all its sets those with
    /// UDP 3478.
    ///
    /// - Throws: `TextRefusal` that says what the file is not.
    public init(json data: Data, file: String) throws(TextRefusal) {
        let sets: [EndpointSet]
        do {
            sets = try JSONDecoder().decode([EndpointSet].self, from: data)
        } catch {
            throw TextRefusal(
                "'\(file)' is not a list of endpoint sets as the endpoints web service writes it: "
                    + "save https://endpoints.office.com/endpoints/worldwide?clientrequestid=UUID"
            )
        }
        var found: [IPPrefix] = []
        for set in sets where Self.names(set.udpPorts, port: 3_478) {
            for text in set.ips ?? [] {
                let range: IPPrefix
                do {
                    range = try IPPrefix(text)
                } catch {
                    throw TextRefusal("'\(file)': \(error)")
                }
                if !found.contains(range) { found.append(range) }
            }
        }
        guard !found.isEmpty else {
            throw TextRefusal("'\(file)' has no endpoint set with addresses for UDP 3478, which Teams media uses")
        }
        self.init(ranges: found, source: file)
    }

    /// Ports stand as `3478,3479` or `3478-3481`.
    private static func names(_ ports: String?, port: UInt16) -> Bool {
        (ports ?? "").split(separator: ",").contains { part in
            let ends = part.split(separator: "-").compactMap { UInt16($0.trimming { $0 == " " }) }
            guard let first = ends.first, let last = ends.last, first <= last else { return false }
            return (first...last).contains(port)
        }
    }
}

extension Substring {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> Substring {
        var text = drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
