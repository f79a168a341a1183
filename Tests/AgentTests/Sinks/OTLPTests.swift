import Foundation
import Results
import Testing
import Units

@testable import Agent
@testable import SampleChecks

/// Metrics, held against OpenTelemetry's own protobuf schema by Python's `opentelemetry-proto`.
@Suite struct OTLPTests {
    /// Reads a list of requests in OTLP's JSON, and writes how many data points each has, by metric.
    private static let reader = """
        import json, sys
        from google.protobuf import json_format
        from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

        answer = []
        for text in json.load(sys.stdin):
            request = json_format.Parse(text, ExportMetricsServiceRequest())
            again = ExportMetricsServiceRequest.FromString(request.SerializeToString())
            resource = again.resource_metrics[0]
            attributes = {a.key: a.value.string_value for a in resource.resource.attributes}
            metrics = {}
            for metric in resource.scope_metrics[0].metrics:
                assert metric.unit and metric.gauge.data_points, metric.name
                for point in metric.gauge.data_points:
                    assert point.time_unix_nano > 1_700_000_000_000_000_000
                    assert point.HasField("as_double")
                metrics[metric.name] = len(metric.gauge.data_points)
            answer.append({"attributes": attributes, "metrics": metrics})
        json.dump(answer, sys.stdout)
        """

    private struct Read: Decodable {
        var attributes: [String: String]
        var metrics: [String: Int]
    }

    private static func completed(_ result: ResultDocument) throws -> CompletedDocument {
        var push = PushStatus()
        push.spool.pending = 3
        push.oldestPendingAge = .seconds(90)
        return CompletedDocument(document: try SpooledDocument(result), result: result, push: push)
    }

    private static func read(_ requests: [[UInt8]]) throws -> [Read] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let local = root.appending(path: ".venv/bin/python3").path
        let python = FileManager.default.isExecutableFile(atPath: local) ? [local] : ["/usr/bin/env", "python3"]
        let folder = try TemporaryFolder()
        let texts = requests.map { String(decoding: $0, as: UTF8.self) }
        let input = try folder.write(String(decoding: try JSONEncoder().encode(texts), as: UTF8.self), to: "requests")
        let process = Process()
        process.executableURL = URL(filePath: python[0])
        process.arguments = Array(python.dropFirst()) + ["-c", reader]
        process.standardInput = FileHandle(forReadingAtPath: input)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3 with the package opentelemetry-proto is needed")
        return try JSONDecoder().decode([Read].self, from: answer)
    }

    @Test func everyKindOfResultIsAValidRequest() throws {
        let samples = SampleDocuments.all
        let requests = try samples.map { sample in
            try OTLPMetrics(Self.completed(sample.document)).request(site: "dublin", host: "box-17", version: "9.9")
        }
        let read = try Self.read(requests)
        #expect(read.count == samples.count)
        for (sample, read) in zip(samples, read) {
            #expect(
                read.attributes == [
                    "service.name": "linecheck", "service.version": "9.9", "host.name": "box-17",
                    "linecheck.site": "dublin",
                ]
            )
            #expect(read.metrics["linecheck.grade"] == 1, "\(sample.name)")
            #expect(read.metrics["linecheck.spool.pending"] == 1)
            #expect(read.metrics["linecheck.spool.oldest_age"] == 1)
            let criteria = sample.document.criteria.count
            #expect((read.metrics["linecheck.criterion.grade"] ?? 0) == criteria, "\(sample.name)")
        }
        let ready = try #require(read.first)
        // Four ports, two directions and the round trip.
        #expect(ready.metrics["linecheck.loss"].map { $0 >= 8 } == true)
        #expect(ready.metrics["linecheck.delay"].map { $0 >= 24 } == true)
        #expect(ready.metrics["linecheck.mos"] == 4)
    }

    @Test func valuesAreThoseOfTheResult() throws {
        let result = SampleDocuments.document(SampleDocuments.everythingWrong)
        let metrics = OTLPMetrics(try Self.completed(result)).metrics
        let grade = metrics.first { $0.name == "linecheck.grade" }
        #expect(grade?.gauge.dataPoints.map(\.asDouble) == [3])
        let loss = metrics.first { $0.name == "linecheck.loss" }?.gauge.dataPoints.first
        #expect(loss?.asDouble == result.streams[0].forward?.loss?.ratio)
        #expect(loss?.attributes.map(\.key) == ["endpoint", "port", "direction"])
        #expect(loss?.timeUnixNano == "\(result.endedAt.instant.nanosecondsSinceUnixEpoch)")
    }

    @Test func aReceiverThatIsAwayHoldsNothingUpAndTheOldestAreLost() throws {
        // Nothing listens on the discard port.
        let sink = OTLPSink(url: "http://127.0.0.1:9", version: "9.9", backoff: Backoff(), timeout: .seconds(1))
        let completed = try Self.completed(SampleDocuments.document(SampleDocuments.ready))
        for _ in 0..<OTLPSink.mostWaiting + 5 { sink.accept(completed) }
        sink.stop()
        #expect(sink.status.lost == 5)
        #expect(sink.status.written == 0)
    }
}
