import Foundation
import Testing

@testable import Agent

@Suite struct JSONLinesTests {
    private let folder: TemporaryFolder
    private var path: String { "\(folder.path)/results.jsonl" }

    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private func completed(_ number: Int) -> CompletedDocument {
        CompletedDocument(document: document(number), result: nil, push: PushStatus())
    }

    private func lines(_ path: String) throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasSuffix("\n"))
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private func text(_ number: Int) -> String { String(decoding: document(number).json, as: UTF8.self) }

    @Test func everyDocumentIsALine() throws {
        let sink = JSONLinesSink(path: path)
        for number in 0..<3 { sink.accept(completed(number)) }
        #expect(try lines(path) == [text(0), text(1), text(2)])
        #expect(sink.status.written == 3)
    }

    @Test func aDocumentOfSeveralLinesBecomesOne() throws {
        let sink = JSONLinesSink(path: path)
        var several = completed(0)
        several.document.json = Array("{\n  \"a\": 1\r\n}\n".utf8)
        sink.accept(several)
        #expect(try lines(path) == ["{   \"a\": 1  } "])
    }

    @Test func afterARotationItWritesToTheNewFile() throws {
        let sink = JSONLinesSink(path: path)
        sink.accept(completed(0))
        try FileManager.default.moveItem(atPath: path, toPath: "\(path).1")
        sink.accept(completed(1))
        sink.reopen()
        sink.accept(completed(2))
        #expect(try lines("\(path).1") == [text(0), text(1)])
        #expect(try lines(path) == [text(2)])
    }

    @Test func aLineThatWasCutOffKeepsItsLineToItself() throws {
        _ = try folder.write("{\"cut\":", to: "results.jsonl")
        let sink = JSONLinesSink(path: path)
        sink.accept(completed(0))
        sink.accept(completed(1))
        #expect(try lines(path) == ["{\"cut\":", text(0), text(1)])
    }

    @Test func whatCannotBeWrittenIsCountedAndTheNextTriedAgain() throws {
        let place = "\(folder.path)/missing"
        let sink = JSONLinesSink(path: "\(place)/results.jsonl")
        sink.accept(completed(0))
        #expect(sink.status.lost == 1)
        #expect(sink.status.failure == "open: No such file or directory")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        sink.accept(completed(1))
        #expect(sink.status.written == 1)
        #expect(sink.status.failure == nil)
        #expect(try lines("\(place)/results.jsonl") == [text(1)])
    }

    @Test func aFullDiskIsSurvived() {
        let sink = JSONLinesSink(path: "/dev/full")
        sink.accept(completed(0))
        #expect(sink.status.lost == 1)
        #expect(sink.status.failure == "write: No space left on device")
    }
}
