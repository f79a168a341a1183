import Foundation
import Results

@testable import SampleChecks

/// Results for a collector, from checks that never took place.
enum CollectorDocuments {
    static func result(site: String, number: Int = 0) throws -> [String: Any] {
        let document = SampleDocuments.document(SampleDocuments.everythingWrong)
        let object = try JSONSerialization.jsonObject(with: try document.encoded())
        guard var fields = object as? [String: Any] else { throw LabFailure("a result is no object") }
        fields["site"] = site
        fields["id"] = id(number)
        let now = Date(timeIntervalSinceNow: -60 - Double(number))
        fields["started_at"] = text(now)
        fields["ended_at"] = text(now.addingTimeInterval(30))
        return fields
    }

    static func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "01996000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    private static func text(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day().dateSeparator(.dash).time(includingFractionalSeconds: false))
            .replacing(" ", with: "T").prefix(19) + ".000000Z"
    }

    static func batch(_ documents: [[String: Any]], under name: String = "results") throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: [name: documents]), as: UTF8.self)
    }
}
