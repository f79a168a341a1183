import CollectorStore
import Deflate
import HTTPTypes
import Hummingbird
import Ingest
import Results
import Units

/// Takes batches of documents, as the agent sends them: each document is answered for itself, once it is durable.
struct IngestHandler: Sendable {
    let kind: DeliveredKind
    let limits: IngestLimits
    let desk: IngestDesk
    let metrics: CollectorMetrics
    let clock: any ClockSource

    /// - Parameter site: the only one that may be written.
    func respond(to request: Request, _ context: CollectorContext, site: String) async throws -> Response {
        try await desk.admit(site) {
            let (body, isGzip) = try await body(request, context)
            return try await desk.inTurn {
                try await respond(to: isGzip ? try inflated(body) : body, site: site)
            }
        }
    }

    private func respond(to body: [UInt8], site: String) async throws -> Response {
        let slices = try slices(body)
        if let wait = desk.documents.take(slices.count, site, now: clock.read().monotonic) {
            throw Problem(
                .tooManyRequests,
                "'\(site)' delivers more than \(limits.rate) documents a minute",
                retryAfter: wait
            )
        }
        return .json(try await answer(slices, site: site))
    }

    // MARK: - The body

    private func body(_ request: Request, _ context: CollectorContext) async throws -> ([UInt8], Bool) {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard let type, type.filter({ $0 != " " }) == "application/json" else {
            let found = request.headers[.contentType].map { "'\($0)'" } ?? "missing"
            throw Problem(.unsupportedMediaType, "Content-Type is \(found); it must be application/json")
        }
        let coding = request.headers[.contentEncoding]?.lowercased() ?? "identity"
        guard ["identity", "gzip", "x-gzip"].contains(coding) else {
            throw Problem(.unsupportedMediaType, "Content-Encoding is '\(coding)'; it can be gzip or identity")
        }
        let body = try await BodyReading.collect(
            request,
            context,
            limit: coding == "identity" ? limits.inflated : limits.body,
            within: limits.bodyTimeout
        )
        return (body, coding != "identity")
    }

    private func inflated(_ body: [UInt8]) throws(Problem) -> [UInt8] {
        do throws(GzipInflation.Refusal) {
            return try GzipInflation.inflate(body, limit: limits.inflated)
        } catch {
            guard case .tooLong = error else { throw .badRequest("the body is \(error)") }
            throw Problem(.contentTooLarge, "the body is \(error); send fewer documents at a time")
        }
    }

    private func slices(_ body: [UInt8]) throws(Problem) -> [DocumentSlicer.Slice] {
        do throws(DocumentSlicer.Refusal) {
            return try DocumentSlicer.documents(in: body, under: kind.listName, limit: limits.documents)
        } catch {
            guard case .tooMany = error else { throw .badRequest("\(error)") }
            throw Problem(.contentTooLarge, "\(error)")
        }
    }

    // MARK: - The documents

    private enum Lot {
        case accepted(IngestedDocument)
        case refused(DeliveryRefusal)
    }

    private func answer(_ slices: [DocumentSlicer.Slice], site: String) async throws -> IngestAnswer {
        let receivedAt = UTCTime(clock.read().wall)
        let lots = slices.map { lot($0, site: site, receivedAt: receivedAt) }
        let accepted = lots.compactMap { lot in
            if case .accepted(let document) = lot { document } else { nil }
        }
        var stored = try await metrics.timing("store") { try await desk.store.store(accepted) }[...]
        let items = lots.map { lot in
            switch lot {
            case .accepted(let document):
                let lot = stored.popFirst() ?? .stored
                metrics.count(kind, .lot(lot))
                return IngestAnswer.Item(id: document.id, status: lot.rawValue)
            case .refused(let refusal):
                metrics.count(kind, .refused(refusal.cause))
                return IngestAnswer.Item(id: refusal.id, status: "refused", reason: refusal.reason)
            }
        }
        return IngestAnswer(results: items)
    }

    private func lot(_ slice: DocumentSlicer.Slice, site: String, receivedAt: UTCTime) -> Lot {
        do throws(DeliveryRefusal) {
            let document = try DocumentCheck(kind: kind, site: site, longest: limits.document).read(slice)
            return .accepted(try ingested(document, Array(slice.octets), receivedAt: receivedAt))
        } catch {
            return .refused(error)
        }
    }

    private func ingested(
        _ document: DeliveredDocument,
        _ json: [UInt8],
        receivedAt: UTCTime
    ) throws(DeliveryRefusal) -> IngestedDocument {
        do throws(DocumentRefusal) {
            switch document {
            case .result(let result):
                return try IngestedDocument(result, json: json, site: result.site, receivedAt: receivedAt)
            case .assessment(let assessment):
                return try IngestedDocument(assessment, json: json, site: assessment.site, receivedAt: receivedAt)
            }
        } catch {
            throw DeliveryRefusal(id: document.id, cause: .schema, reason: error.description)
        }
    }
}
