import Foundation
import Readiness
import Results
import Units

/// Microsoft's ranges from a configured URL: kept on disk, asked for again once a day, and used as they were kept where
/// that fails, which is said.
public struct EndpointsFetch: Sendable {
    /// What is on disk.
    struct Kept: Codable, Hashable, Sendable {
        struct List: Codable, Hashable, Sendable {
            var body: Data
            var etag: String?
            var lastModified: String?
            /// When the server last said that this is what it has, in nanoseconds since 1970.
            var confirmedAt: Int64
        }

        struct Failure: Codable, Hashable, Sendable {
            var at: Int64
            var reason: String
        }

        var url: String
        var list: List?
        var failure: Failure?
    }

    /// How long a list is taken without asking for a newer one.
    public static let freshFor = Nanoseconds.seconds(86_400)
    /// How long after a failure nobody asks again: a check every minute must not wait for a server every minute.
    public static let patience = Nanoseconds.seconds(3_600)
    private static let timeout = Nanoseconds.seconds(10)

    public var url: String
    public var userAgent: String
    /// Where the list is kept; nil where there is no place.
    public var cachePath: String?
    var download: @Sendable (CurlDownload.Request) -> CurlDownload.Answer = CurlDownload.get

    public init(url: String, userAgent: String, cachePath: String?) {
        self.url = url
        self.userAgent = userAgent
        self.cachePath = cachePath
    }

    /// The place for it: the service's own folder, or the user's for such things.
    public static func cachePath(_ environment: [String: String]) -> String? {
        let name = "microsoft-endpoints.json"
        // systemd gives several with colons between them.
        if let folder = environment["STATE_DIRECTORY"]?.split(separator: ":").first { return "\(folder)/\(name)" }
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return "\(folder)/linecheck/\(name)" }
        if let home = environment["HOME"], home.hasPrefix("/") { return "\(home)/.cache/linecheck/\(name)" }
        return nil
    }

    public func ranges(now: WallInstant) -> MediaRanges {
        let kept = read()
        if let list = kept?.list, let ranges = try? ranges(list), isWithin(Self.freshFor, list.confirmedAt, now) {
            return ranges
        }
        if let failure = kept?.failure, isWithin(Self.patience, failure.at, now) {
            return fallback(kept?.list, failure.reason, now)
        }
        return ask(kept?.list, now)
    }

    private func ask(_ list: Kept.List?, _ now: WallInstant) -> MediaRanges {
        let usable = list.flatMap { (try? ranges($0)) == nil ? nil : $0 }
        switch download(request(usable)) {
        case .notModified:
            guard var list = usable, let ranges = try? ranges(list) else {
                return failed(nil, "it says that nothing has changed, though nothing was kept", now)
            }
            list.confirmedAt = nanoseconds(now)
            return keep(Kept(url: url, list: list), MediaRanges(ranges.prefixes, ranges.source, now))
        case .body(let body, let etag, let lastModified):
            let list = Kept.List(
                body: body,
                etag: etag,
                lastModified: lastModified,
                confirmedAt: nanoseconds(now)
            )
            do throws(MicrosoftEndpoints.Refusal) {
                return keep(Kept(url: url, list: list), try ranges(list))
            } catch {
                return failed(usable, "what it answers does not help: \(error)", now)
            }
        case .failed(let reason): return failed(usable, reason, now)
        }
    }

    private func request(_ list: Kept.List?) -> CurlDownload.Request {
        CurlDownload.Request(
            url: address,
            userAgent: userAgent,
            etag: list?.etag,
            lastModified: list?.lastModified,
            longest: MicrosoftEndpoints.maximumLength,
            timeout: Self.timeout
        )
    }

    /// Microsoft's service wants to be told who asks, by any UUID.
    private var address: String {
        let isMicrosoft = url.lowercased().hasPrefix("https://endpoints.office.com/")
        guard isMicrosoft, !url.lowercased().contains("clientrequestid=") else { return url }
        return url + (url.contains("?") ? "&" : "?") + "clientrequestid=\(UUID().uuidString.lowercased())"
    }

    private func ranges(_ list: Kept.List) throws(MicrosoftEndpoints.Refusal) -> MediaRanges {
        try MicrosoftEndpoints.ranges(
            list.body,
            source: .fetched(url: url),
            asOf: WallInstant(nanosecondsSinceUnixEpoch: list.confirmedAt)
        )
    }

    // MARK: Failure

    private func failed(_ list: Kept.List?, _ reason: String, _ now: WallInstant) -> MediaRanges {
        let failure = Kept.Failure(at: nanoseconds(now), reason: reason)
        return keep(Kept(url: url, list: list, failure: failure), fallback(list, reason, now))
    }

    /// What was kept, or what came with Linecheck.
    private func fallback(_ list: Kept.List?, _ reason: String, _ now: WallInstant) -> MediaRanges {
        var ranges = list.flatMap { try? self.ranges($0) } ?? .shipped
        let day = ranges.asOf.rfc3339.prefix(10)
        let which = ranges.source == .shipped ? "the list that came with Linecheck, of \(day)," : "the list of \(day)"
        ranges.failure =
            "Microsoft's list of endpoints could not be fetched from \(url): \(reason); \(which) is used, which is "
            + "\(Self.age(now - ranges.asOf)) old"
        return ranges
    }

    private static func age(_ age: Nanoseconds) -> String {
        let hours = max(0, Int(age.seconds / 3_600))
        return hours < 48 ? "\(hours) h" : "\(hours / 24) days"
    }

    // MARK: Disk

    /// A clock that was put back makes nothing fresh for longer.
    private func isWithin(_ duration: Nanoseconds, _ at: Int64, _ now: WallInstant) -> Bool {
        let age = now - WallInstant(nanosecondsSinceUnixEpoch: at)
        return age >= .zero && age < duration
    }

    private func nanoseconds(_ instant: WallInstant) -> Int64 {
        (instant - WallInstant(nanosecondsSinceUnixEpoch: 0)).count
    }

    /// Nil where nothing was kept of this URL that can be used.
    private func read() -> Kept? {
        guard let cachePath, let kept = try? StateFile<Kept>(path: cachePath).read(), kept.url == url else {
            return nil
        }
        return kept
    }

    /// That nothing can be kept is worth a word, and no reason to have no ranges.
    private func keep(_ kept: Kept, _ ranges: MediaRanges) -> MediaRanges {
        guard let cachePath else { return ranges }
        var ranges = ranges
        do throws(TextRefusal) {
            let folder = URL(fileURLWithPath: cachePath).deletingLastPathComponent()
            try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try StateFile<Kept>(path: cachePath).write(kept)
        } catch {
            ranges.failure = ranges.failure ?? "Microsoft's list of endpoints was fetched and cannot be kept: \(error)"
        }
        return ranges
    }
}

extension MediaRanges {
    fileprivate init(_ prefixes: [IPPrefix], _ source: Source, _ asOf: WallInstant) {
        self.init(prefixes: prefixes, source: source, asOf: asOf)
    }
}
