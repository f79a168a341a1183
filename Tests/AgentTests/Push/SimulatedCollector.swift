import Foundation

@testable import Agent

/// A collector in memory, that has faults by seed, and documents that it cannot bear.
final class SimulatedCollector: HTTPTransport {
    /// What a document does to the collector, whatever else is in the batch.
    enum Poison: CaseIterable {
        /// The answer refuses it by name.
        case refused
        /// The batch is refused as a whole.
        case badRequest
        /// The batch is answered with 500.
        case serverError
        /// The connection is cut, and nothing of the batch is kept.
        case crash
        /// The answer passes over it.
        case unnamed
    }

    /// In the order of arrival, each as often as it was stored: more than once must not happen.
    private(set) var stored: [String] = []
    private(set) var requests = 0
    var poison: [String: Poison] = [:]
    /// The share of requests that fail, each in one of many ways.
    var faults = 0.0
    /// Documents in a request, before it is too large.
    var most = Int.max
    /// Answers everything with this.
    var fixed: HTTPOutcome?
    /// What every request was.
    private(set) var last: HTTPRequest?
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    func send(_ request: HTTPRequest) -> HTTPOutcome {
        requests += 1
        last = request
        if let fixed { return fixed }
        let ids = Self.ids(in: request)
        guard ids.count <= most else { return .answered(HTTPResponse(status: 413)) }
        guard Double.random(in: 0..<1, using: &generator) >= faults else { return fault(ids) }
        return answer(ids)
    }

    private func answer(_ ids: [String]) -> HTTPOutcome {
        let kinds = ids.compactMap { poison[$0] }
        if kinds.contains(.crash) { return .cut("Empty reply from server") }
        if kinds.contains(.serverError) { return .answered(HTTPResponse(status: 500)) }
        if kinds.contains(.badRequest) {
            return .answered(HTTPResponse(status: 422, body: Array("{\"reason\":\"bad\"}".utf8)))
        }
        return .answered(HTTPResponse(status: 200, body: body(ids)))
    }

    private func body(_ ids: [String]) -> [UInt8] {
        let items = ids.compactMap { id -> String? in
            switch poison[id] {
            case .refused: return "{\"id\":\"\(id)\",\"status\":\"refused\",\"reason\":\"no\"}"
            case .unnamed: return nil
            default:
                let isNew = !stored.contains(id)
                if isNew { stored.append(id) }
                return "{\"id\":\"\(id)\",\"status\":\"\(isNew ? "stored" : "duplicate")\"}"
            }
        }
        return Array("{\"results\":[\(items.joined(separator: ","))]}".utf8)
    }

    private func fault(_ ids: [String]) -> HTTPOutcome {
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: return .notReached("Connection refused")
        case 1: return .cut("reset before the answer")
        case 2:
            _ = answer(ids)
            return .cut("reset after it was stored")
        case 3:
            guard case .answered(let response) = answer(ids) else { return .cut("reset") }
            return .answered(HTTPResponse(status: response.status, body: Array(response.body.dropLast(3))))
        case 4: return .answered(HTTPResponse(status: 500))
        case 5: return .answered(HTTPResponse(status: 429, retryAfter: "2"))
        case 6: return .answered(HTTPResponse(status: 503))
        case 7: return .answered(HTTPResponse(status: 401))
        default: return .answered(HTTPResponse(status: 200, body: Array("<html>Welcome to the hotel</html>".utf8)))
        }
    }

    /// The identifiers in a request's body.
    static func ids(in request: HTTPRequest) -> [String] {
        guard let octets = gunzip(request.body),
            let body = try? JSONSerialization.jsonObject(with: Data(octets)) as? [String: Any],
            let documents = body.values.first as? [[String: Any]]
        else { return [] }
        return documents.compactMap { $0["id"] as? String }
    }

    /// Of one member without name, as ``Compression/gzip(_:)`` makes it.
    static func gunzip(_ member: [UInt8]) -> [UInt8]? {
        guard member.count > 18, Array(member[..<4]) == [0x1f, 0x8b, 8, 0] else { return nil }
        let count = member.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return InflatedBody.inflate(Array(member.dropFirst(10).dropLast(8)), count: count)
    }
}
