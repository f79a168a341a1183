import Foundation
import Readiness
import Units

/// Microsoft's list of endpoints, as its web service writes it (`/endpoints/worldwide`): a JSON array of sets.
public enum MicrosoftEndpoints {
    /// Why bytes are not such a list, or not one that helps.
    public enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case tooLong(octets: Int)
        case notJSON(String)
        case malformed(String)
        /// No set of Teams (`serviceArea` "Skype") has address ranges for UDP 3478-3481.
        case noMediaRanges
        case badRange(set: Int, reason: String)

        public var description: String {
            switch self {
            case .tooLong(let octets): "it has \(octets) octets; a list of endpoints has at most \(maximumLength)"
            case .notJSON(let reason): "it is not JSON: \(reason)"
            case .malformed(let reason): "it is not a list of endpoint sets: \(reason)"
            case .noMediaRanges:
                "no set of Teams (serviceArea Skype) in it has address ranges for UDP 3478-3481; save "
                    + "https://endpoints.office.com/endpoints/worldwide as it is"
            case .badRange(let set, let reason): "set \(set): \(reason)"
            }
        }
    }

    /// Octets. Microsoft's whole list has some 50,000.
    public static let maximumLength = 8 << 20

    /// The keys that matter; a set may have more.
    private struct EndpointSet: Decodable {
        var id: Int
        var serviceArea: String?
        var ips: [String]?
        var udpPorts: String?
    }

    /// The ranges for Teams media in the web service's answer.
    ///
    /// - Parameters:
    ///   - data: a file's content, or the body of an HTTP answer.
    ///   - asOf: when Microsoft gave it.
    public static func ranges(
        _ data: Data,
        source: MediaRanges.Source,
        asOf: WallInstant
    ) throws(Refusal) -> MediaRanges {
        guard data.count <= maximumLength else { throw .tooLong(octets: data.count) }
        let sets = try decode(data).filter { ["skype", "teams"].contains($0.serviceArea?.lowercased() ?? "") }
        var prefixes: [IPPrefix] = []
        for set in sets where carriesMedia(set.udpPorts ?? "") {
            for text in set.ips ?? [] {
                do throws(TextRefusal) {
                    let prefix = try IPPrefix(text)
                    if !prefixes.contains(prefix) { prefixes.append(prefix) }
                } catch {
                    throw .badRange(set: set.id, reason: error.description)
                }
            }
        }
        guard !prefixes.isEmpty else { throw .noMediaRanges }
        return MediaRanges(prefixes: prefixes, source: source, asOf: asOf)
    }

    private static func decode(_ data: Data) throws(Refusal) -> [EndpointSet] {
        do {
            return try JSONDecoder().decode([EndpointSet].self, from: data)
        } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
            throw .notJSON(context.debugDescription)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw .malformed("\(place(context.codingPath)) has no \(key.stringValue)")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context)
        {
            throw .malformed("\(place(context.codingPath)): \(context.debugDescription)")
        } catch {
            throw .notJSON("\(error)")
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        let keys = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
        return keys.isEmpty ? "the top" : keys.joined()
    }

    /// `3478,3479,3480,3481`, or with ranges.
    private static func carriesMedia(_ ports: String) -> Bool {
        let text = ports.filter { $0 != " " }
        return text.split(separator: ",").contains { part in
            let ends = part.split(separator: "-").compactMap { UInt16($0) }
            guard let low = ends.first, let high = ends.last else { return false }
            return low <= 3_481 && high >= 3_478
        }
    }
}
