import Foundation
import Results
import Testing

@testable import Ingest
@testable import SampleChecks

/// What becomes of one document.
@Suite struct DocumentCheckTests {
    private static let check = DocumentCheck(kind: .result, site: "dublin", longest: 1_000_000)

    private static func fields(_ sample: SampleCheck = SampleDocuments.everythingWrong) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: try SampleDocuments.document(sample).encoded())
        return try #require(object as? [String: Any])
    }

    private static func slice(_ fields: [String: Any]) throws -> DocumentSlicer.Slice {
        let data = try JSONSerialization.data(withJSONObject: fields)
        return DocumentSlicer.Slice(octets: Array(data)[...], hasNull: false)
    }

    private static func refusal(_ slice: DocumentSlicer.Slice, _ check: DocumentCheck = check) -> DeliveryRefusal? {
        do throws(DeliveryRefusal) {
            _ = try check.read(slice)
            return nil
        } catch {
            return error
        }
    }

    @Test func documentsOfOurOwnAreTaken() throws {
        for sample in [SampleDocuments.ready, SampleDocuments.everythingWrong, SampleDocuments.inconclusive] {
            let document = SampleDocuments.document(sample)
            let slice = DocumentSlicer.Slice(octets: Array(try document.encoded())[...], hasNull: false)
            #expect(try Self.check.read(slice) == .result(document))
        }
    }

    @Test func keysOfALaterMinorAreNobodysFault() throws {
        var fields = try Self.fields()
        fields["schema"] = "linecheck.result/1.7"
        fields["weather"] = ["rain": true]
        #expect(Self.refusal(try Self.slice(fields)) == nil)
    }

    @Test func anotherSitesDocumentIsRefusedByName() throws {
        let fields = try Self.fields()
        let other = DocumentCheck(kind: .result, site: "berlin", longest: 1_000_000)
        let refusal = try #require(Self.refusal(try Self.slice(fields), other))
        #expect(refusal.cause == .site)
        #expect(refusal.id == fields["id"] as? String)
        #expect(refusal.reason == "site: is 'dublin', and these credentials are for 'berlin' alone")
    }

    @Test func aDocumentThatCannotBeReadIsNamed() throws {
        var fields = try Self.fields()
        let id = try #require(fields["id"] as? String)
        fields["criteria"] = nil
        let missing = try #require(Self.refusal(try Self.slice(fields)))
        #expect(missing == DeliveryRefusal(id: id, cause: .schema, reason: "criteria: is missing"))
        fields["schema"] = "linecheck.result/2"
        let newer = try #require(Self.refusal(try Self.slice(fields)))
        #expect(newer.id == id && newer.cause == .malformed)
        let short = DocumentCheck(kind: .result, site: "dublin", longest: 100)
        let long = try #require(Self.refusal(try Self.slice(try Self.fields()), short))
        #expect(long.id == id && long.cause == .tooLong)
    }

    @Test(arguments: [
        ("1", DeliveryRefusal.Cause.schema), ("{]}", .malformed), ("{\"id\":\"\u{e9}\"}", .malformed),
    ])
    func whatIsNoDocumentIsRefused(text: String, cause: DeliveryRefusal.Cause) {
        let slice = DocumentSlicer.Slice(octets: Array(text.utf8)[...], hasNull: false)
        #expect(Self.refusal(slice)?.cause == cause)
    }

    @Test func octetsThatAreNoTextAreRefused() {
        let slice = DocumentSlicer.Slice(octets: [0x22, 0xff, 0x22], hasNull: false)
        #expect(Self.refusal(slice)?.reason == "not UTF-8")
    }
}
