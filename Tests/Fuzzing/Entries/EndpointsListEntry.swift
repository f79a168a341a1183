import Foundation
import Readiness
import Results
import Units

/// Microsoft's list of endpoints, as a file or a web server has it.
enum EndpointsListEntry {
    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        let ranges: MediaRanges
        do throws(MicrosoftEndpoints.Refusal) {
            let now = WallInstant(nanosecondsSinceUnixEpoch: 0)
            ranges = try MicrosoftEndpoints.ranges(Data(octets), source: .shipped, asOf: now)
        } catch {
            return try require(!error.description.isEmpty, "a list is refused for a reason")
        }
        try require(!ranges.prefixes.isEmpty, "a list that is read has ranges")
        for prefix in ranges.prefixes {
            try require((try? IPPrefix(prefix.description)) == prefix, "a range is read as it is written")
            try require(ranges.contains(prefix.address), "a range holds its first address")
        }
    }
}
