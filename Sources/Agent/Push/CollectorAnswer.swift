import Foundation
import Units

/// The collector's answer to a batch, understood.
package enum CollectorAnswer: Hashable, Sendable {
    package enum ItemStatus: Hashable, Sendable {
        case stored
        /// It had the document before.
        case duplicate
        case refused(String)
    }

    /// 200, with what became of each document that it names.
    case items([String: ItemStatus])
    /// 413: fewer documents might pass.
    case tooLarge(String)
    /// The batch as a whole was refused for something that is in it.
    case refused(String)
    /// The collector, or the way to it, gave up on this batch: another might pass, and so might this one, later.
    case failed(String)
    /// No fault of the documents.
    case unavailable(String, retryAfter: Nanoseconds?)
    case interrupted

    /// Longer reasons are cut.
    package static let longestReason = 300

    package init(_ outcome: HTTPOutcome, now: WallInstant) {
        switch outcome {
        case .answered(let response): self.init(response, now: now)
        case .notReached(let reason): self = .unavailable(Self.clean(reason), retryAfter: nil)
        case .cut(let reason): self = .failed(Self.clean(reason))
        case .interrupted: self = .interrupted
        }
    }

    private init(_ response: HTTPResponse, now: WallInstant) {
        let retryAfter = response.retryAfter.flatMap { RetryAfter.wait($0, now: now) }
        let said = Self.reason(of: response)
        let summary = "HTTP \(response.status)" + (said.map { ": \($0)" } ?? "")
        switch response.status {
        case 200: self = Self.items(response.body)
        case 201...299:
            self = .unavailable("\(summary), where a collector answers 200; is collector.url right?", retryAfter: nil)
        case 300...399:
            let target = response.location.map { " to \(Self.clean($0.prefix { $0 != "?" && $0 != "#" }))" } ?? ""
            self = .unavailable(
                "HTTP \(response.status): redirected\(target), which is not followed; set collector.url to the place "
                    + "meant",
                retryAfter: nil
            )
        case 413: self = .tooLarge(summary)
        case 401:
            self = .unavailable("\(summary); the collector does not accept this site's credentials", retryAfter: nil)
        // A filter on the way also says this, and of one document only.
        case 403: self = .failed("\(summary); the collector does not accept this site's credentials")
        case 407:
            self = .unavailable("\(summary); the proxy does not accept the credentials", retryAfter: nil)
        case 404, 405, 415, 421, 426:
            self = .unavailable("\(summary); no collector answers there: is collector.url right?", retryAfter: nil)
        case 408, 425, 429, 451: self = .unavailable(summary, retryAfter: retryAfter)
        // Without a reason it was not the collector that looked at the documents: nginx says 400 to a client without
        // a certificate.
        case 400...499: self = said == nil ? .failed(summary) : .refused(summary)
        case 500, 502, 504:
            self = retryAfter == nil ? .failed(summary) : .unavailable(summary, retryAfter: retryAfter)
        default: self = .unavailable(summary, retryAfter: retryAfter)
        }
    }

    // MARK: - Bodies

    private struct Statuses: Decodable {
        struct Item: Decodable {
            var id: String
            var status: String
            var reason: String?
        }
        var results: [Item]
    }

    private static func items(_ body: [UInt8]) -> Self {
        guard let statuses = try? JSONDecoder().decode(Statuses.self, from: Data(body)) else {
            return .failed("HTTP 200, with a body that is no collector's answer (\(body.count) octets)")
        }
        var items: [String: ItemStatus] = [:]
        for item in statuses.results {
            switch item.status {
            case "stored": items[item.id] = .stored
            case "duplicate": items[item.id] = .duplicate
            case "refused":
                let reason = clean(item.reason ?? "")
                items[item.id] = .refused(reason.isEmpty ? "refused without a reason" : reason)
            // A later collector's word is no reason to give a document up.
            default: continue
            }
        }
        return .items(items)
    }

    private struct Problem: Decodable {
        var reason: String?
        /// As RFC 9457 has it.
        var detail: String?
        var title: String?
    }

    private static func reason(of response: HTTPResponse) -> String? {
        let problem = try? JSONDecoder().decode(Problem.self, from: Data(response.body))
        return (problem?.reason ?? problem?.detail ?? problem?.title).map { clean($0) }
    }

    /// One line of bounded length that controls no terminal.
    static func clean(_ text: some StringProtocol) -> String {
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longestReason) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                cleaned.append(" ")
            default: cleaned.append(scalar)
            }
        }
        return String(cleaned)
    }
}
