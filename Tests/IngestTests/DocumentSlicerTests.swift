import Testing

@testable import Ingest

@Suite struct DocumentSlicerTests {
    private func slices(_ body: String, limit: Int = 10) throws -> [String] {
        try DocumentSlicer.documents(in: Array(body.utf8), under: "results", limit: limit)
            .map { String(decoding: $0.octets, as: UTF8.self) }
    }

    private func refusal(_ body: String, limit: Int = 10) -> DocumentSlicer.Refusal? {
        do throws(DocumentSlicer.Refusal) {
            _ = try DocumentSlicer.documents(in: Array(body.utf8), under: "results", limit: limit)
            return nil
        } catch {
            return error
        }
    }

    /// Blanks, order of keys, numbers as they were written and keys of later versions are the site's.
    @Test func documentsKeepTheirOctets() throws {
        let first = #"{ "b" : 1.50e+3,"a":[ {"]":"\"}"} ] }"#
        let second = #"{"é":"\u00e9","later":{"x":[[],{}]}}"#
        let body = " {\"later\": [1, {\"results\": []}] ,\n\"results\" : [\n\(first) ,\(second)\t] , \"n\":null}\r\n"
        #expect(try slices(body) == [first, second])
    }

    @Test func whatIsNoDocumentIsSlicedAllTheSame() throws {
        #expect(try slices(#"{"results":[1, "a,]", null ,[],-2.5e7]}"#) == ["1", #""a,]""#, "null", "[]", "-2.5e7"])
        #expect(try slices(#"{"results":[]}"#) == [])
    }

    @Test(arguments: [
        ("", DocumentSlicer.Refusal.notJSON(offset: 0)),
        ("[]", .notJSON(offset: 0)),
        ("{\"results\":[{}]", .notJSON(offset: 15)),
        ("{\"results\":[{}]}x", .notJSON(offset: 16)),
        ("{\"results\":[{},]}", .notJSON(offset: 15)),
        ("{\"results\":[{} {}]}", .notJSON(offset: 15)),
        ("{\"results\":[{\"a\":\"b]}", .notJSON(offset: 21)),
        ("{\"results\":[\"\u{1}\"]}", .notJSON(offset: 13)),
        ("{\"results\":[\"\\", .notJSON(offset: 14)),
        ("{results:[]}", .notJSON(offset: 1)),
        ("{}", .missing(name: "results")),
        ("{\"assessments\":[]}", .missing(name: "results")),
        ("{\"results\":{}}", .notAList(name: "results")),
        ("{\"results\":[],\"results\":[]}", .twice(name: "results")),
    ])
    func whatIsNoBatchIsRefused(body: String, expected: DocumentSlicer.Refusal) {
        #expect(refusal(body) == expected)
    }

    @Test func countAndDepthHaveBounds() {
        #expect(refusal("{\"results\":[1,2,3]}", limit: 3) == nil)
        #expect(refusal("{\"results\":[1,2,3]}", limit: 2) == .tooMany(limit: 2))
        func nested(_ depth: Int) -> String {
            "{\"results\":[" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "]}"
        }
        #expect(refusal(nested(64)) == nil)
        #expect(refusal(nested(65)) == .tooDeep(limit: 64))
    }

    @Test(arguments: [
        (#"{"a":"\u0000"}"#, true), (#"{"a":"\\u0000"}"#, false), (#"{"a":"\\\u0000"}"#, true),
        (#"{"\u0000":1}"#, true), (#"{"a":"u0000"}"#, false), (#"{"a":"\u00001"}"#, true),
    ])
    func theNullCharacterIsSeen(document: String, hasNull: Bool) throws {
        let body = Array("{\"results\":[{},\(document),{}]}".utf8)
        let slices = try DocumentSlicer.documents(in: body, under: "results", limit: 3)
        #expect(slices.map(\.hasNull) == [false, hasNull, false])
    }

    @Test(arguments: [
        (#"{"id":"abc","x":1}"#, "abc"), (#"{"x":{"id":"no"},"id":"yes"}"#, "yes"), (#"{"id":7}"#, nil), ("[]", nil),
        (#"{"id":"a"#, nil),
    ])
    func aDocumentIsNamedWithoutBeingRead(document: String, id: String?) {
        #expect(DocumentSlicer.id(in: Array(document.utf8)[...]) == id)
    }
}
