import Agent
import Foundation
import LinuxNet
import Readiness
import Results
import Units

/// Microsoft's ranges as this host has them: a saved answer of its endpoints web service, one that is fetched, or what
/// came with Linecheck.
enum RangesSource {
    /// - Parameter source: nil for what came with Linecheck.
    /// - Throws: ``CommandFailure`` where a file cannot be read or is no such list. What cannot be fetched is told by
    ///   ``MediaRanges/failure``.
    static func ranges(_ source: EndpointsListSource?) throws -> MediaRanges {
        switch source {
        case .file(let path): return try saved(path)
        case .url(let url):
            let fetch = EndpointsFetch(
                url: url,
                userAgent: "linecheck/\(Linecheck.version)",
                cachePath: EndpointsFetch.cachePath(Environment.values)
            )
            return fetch.ranges(now: SystemClock().wall())
        case nil: return .shipped
        }
    }

    private static func saved(_ path: String) throws -> MediaRanges {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                status: ExitStatus.noInput,
                message: "the endpoints file '\(path)' cannot be read: \(FileReason.current)"
            )
        }
        do throws(MicrosoftEndpoints.Refusal) {
            return try MicrosoftEndpoints.ranges(data, source: .file(path), asOf: savedAt(path))
        } catch {
            throw CommandFailure(
                status: ExitStatus.configuration,
                message: "the endpoints file '\(path)' does not help: \(error)"
            )
        }
    }

    /// The list has no date in it: the file's own stands for it.
    private static func savedAt(_ path: String) -> WallInstant {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let seconds = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return WallInstant(nanosecondsSinceUnixEpoch: 0) + Nanoseconds(rounding: seconds * 1e9)
    }
}
