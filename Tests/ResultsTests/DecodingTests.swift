import Foundation
import Results
import Testing
import Units

@testable import SampleChecks

@Suite("Reading results")
struct DecodingTests {
    static func changed(_ change: (inout [String: Any]) -> Void) throws -> Data {
        let document = SampleDocuments.document(SampleDocuments.ready)
        let tree = try JSONSerialization.jsonObject(with: document.encoded())
        var fields = try #require(tree as? [String: Any])
        change(&fields)
        return try JSONSerialization.data(withJSONObject: fields)
    }

    static func refusal(_ data: Data) throws -> String {
        let error = #expect(throws: ResultRefusal.self) { try ResultDocument.decode(data) }
        return try #require(error).description
    }

    @Test("keys of a later minor version are passed over")
    func newerMinor() throws {
        let data = try Self.changed {
            $0["schema"] = "linecheck.result/1.7"
            $0["weather"] = ["rain": true]
        }
        let document = try ResultDocument.decode(data)
        #expect(document.schema == "linecheck.result/1.7")
        #expect(document.criteria == SampleDocuments.document(SampleDocuments.ready).criteria)
    }

    @Test("a later major version is refused, and said to be one")
    func newerMajor() throws {
        let text = try Self.refusal(try Self.changed { $0["schema"] = "linecheck.result/2" })
        #expect(
            text == "written by a later version of Linecheck: its schema is 'linecheck.result/2', and this version "
                + "reads 'linecheck.result/1'"
        )
    }

    @Test(
        "what is no result is refused",
        arguments: ["linecheck.config/1", "linecheck.result", "linecheck.result/", "linecheck.result/0", "", "1/1/1"]
    )
    func otherSchema(schema: String) throws {
        let text = try Self.refusal(try Self.changed { $0["schema"] = schema })
        #expect(text.hasPrefix("not a Linecheck result: its schema is '\(schema)'"))
    }

    @Test("without a schema it is no result, whatever else it has")
    func noSchema() throws {
        #expect(try Self.refusal(try Self.changed { $0["schema"] = nil }).hasPrefix("not a Linecheck result"))
    }

    @Test("a missing key and a wrong value are named")
    func malformed() throws {
        #expect(
            try Self.refusal(try Self.changed { $0["grade"] = nil })
                == "not a valid Linecheck result, at grade: is missing"
        )
        let criterion = try Self.changed { fields in
            var criteria = fields["criteria"] as? [[String: Any]] ?? []
            criteria[1]["grade"] = "splendid"
            fields["criteria"] = criteria
        }
        #expect(try Self.refusal(criterion).hasPrefix("not a valid Linecheck result, at criteria[1].grade: "))
        let time = try Self.changed { $0["started_at"] = "2026-02-30T00:00:00.000000Z" }
        #expect(try Self.refusal(time).contains("at started_at: '2026-02-30T00:00:00.000000Z' is not a time"))
    }

    @Test("what is not JSON is refused", arguments: ["", "{", "\u{0}", "[1, 2", "linecheck"])
    func notJSON(text: String) throws {
        #expect(try Self.refusal(Data(text.utf8)).hasPrefix("not a JSON document"))
    }

    @Test("JSON of another shape is refused", arguments: ["[]", "1", "null", "\"linecheck.result/1\""])
    func otherShape(text: String) throws {
        _ = try Self.refusal(Data(text.utf8))
    }

    @Test(
        "times are read in one form only",
        arguments: [
            "2026-11-24T06:00:12Z", "2026-11-24 06:00:12.345678Z", "2026-11-24T06:00:12.345678+00:00",
            "2026-13-01T00:00:00.000000Z", "2026-11-24T24:00:00.000000Z", "9999-12-31T23:59:59.999999Z", "", "now",
        ]
    )
    func badTimes(text: String) {
        #expect(UTCTime(text) == nil)
    }

    @Test("times come back to the microsecond")
    func times() throws {
        for text in ["1970-01-01T00:00:00.000000Z", "2000-02-29T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"] {
            #expect(try #require(UTCTime(text)).text == text)
        }
        #expect(UTCTime(WallInstant(nanosecondsSinceUnixEpoch: -1)).microsecondsSinceUnixEpoch == -1)
        #expect(UTCTime(WallInstant(nanosecondsSinceUnixEpoch: 1_999)).microsecondsSinceUnixEpoch == 1)
    }
}
