import CollectorStore
import Deflate
import Foundation
import Readiness
import Results
import Units

/// A site that delivers.
struct LoadSite: Hashable, Sendable {
    var name: String
    var token: String
}

/// One request, ready to be sent.
struct LoadBatch: Sendable {
    var site: LoadSite
    var ids: [String]
    /// gzip.
    var body: [UInt8]
}

/// What agents would send: results of a few shapes, each with its own id, site and time.
struct LoadDocuments: Sendable {
    private let templates: [LoadTemplate]
    private let now: WallInstant

    init(now: WallInstant) throws {
        // Most sites are well.
        templates = try [.ready, .ready, .ready, .atRisk, .ready, .ready, .notReady].map(LoadTemplate.init)
        self.now = now
    }

    /// The checks of a fleet within the last hour.
    func document(_ index: Int, site: String) -> (id: String, json: String) {
        let started = now - .seconds(3_600) + .milliseconds(Int64(index % 3_000_000))
        let id = ResultID(at: started).description
        let json = templates[index % templates.count].json(
            id: id,
            site: site,
            startedAt: UTCTime(started),
            endedAt: UTCTime(started + .seconds(15)),
            seed: UInt64(index)
        )
        return (id, json)
    }

    /// The same as a collector has it that has read it.
    func ingested(_ index: Int, site: String) throws -> IngestedDocument {
        let json = Array(document(index, site: site).json.utf8)
        let document = try ResultDocument.ordered(json) ?? ResultDocument.decode(Data(json))
        return try IngestedDocument(document, json: json, site: site, receivedAt: UTCTime(now))
    }

    func batches(count: Int, batch: Int, sites: [LoadSite]) -> [LoadBatch] {
        stride(from: 0, to: count, by: batch).map { first in
            let site = sites[(first / batch) % sites.count]
            let documents = (first..<min(first + batch, count)).map { document($0, site: site.name) }
            let body = "{\"results\":[" + documents.map(\.json).joined(separator: ",") + "]}"
            return LoadBatch(site: site, ids: documents.map(\.id), body: Deflate.Compression.gzip(Array(body.utf8)))
        }
    }
}
