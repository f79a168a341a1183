import Results
import Testing
import Units

@testable import SampleChecks

@Suite("Delivery in a result")
struct DeliveryDocumentTests {
    private static let now = UTCTime(SampleDocuments.startedAt)

    private static func delivery(_ failure: String?) -> DeliveryDocument {
        DeliveryDocument(
            spool: "durable",
            pending: 3,
            oldestPendingSeconds: failure.map { _ in 90.5 },
            held: 0,
            setAside: 1,
            dropped: 2,
            lastSuccessAt: now,
            lastFailureAt: failure.map { _ in now },
            lastFailure: failure
        )
    }

    @Test("is described by the schema, down to the last key", arguments: [nil, "HTTP 503"])
    func schema(failure: String?) throws {
        var document = SampleDocuments.document(SampleDocuments.ready)
        document.delivery = Self.delivery(failure)
        let errors = try SchemaTests.errors([try SchemaTests.tree(document)], closed: true)
        #expect(errors == [[]])
    }

    @Test("survives being written and read")
    func roundTrip() throws {
        var document = SampleDocuments.document(SampleDocuments.ready)
        document.delivery = Self.delivery("HTTP 503")
        #expect(try ResultDocument.decode(try document.encoded()) == document)
    }
}
