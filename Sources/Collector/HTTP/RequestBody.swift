import HTTPTypes
import Hummingbird
import NIOCore
import Units

/// A request's body, within bounds of length and time.
enum BodyReading {
    /// - Throws: ``Problem``: 413, or 408 where it takes too long.
    static func collect(
        _ request: Request,
        _ context: CollectorContext,
        limit: Int,
        within time: Nanoseconds
    ) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw tooLong(limit)
        }
        let body = request.body
        let found = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await Self.octets(of: body, limit: limit) }
            group.addTask {
                try await Task.sleep(for: .nanoseconds(time.count))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let found else {
            throw Problem(
                .requestTimeout,
                "the body did not arrive within \(time.text); send fewer documents at a time"
            )
        }
        context.body.finish()
        return found
    }

    private static func octets(of body: RequestBody, limit: Int) async throws -> [UInt8] {
        var octets: [UInt8] = []
        for try await var buffer in body {
            guard octets.count + buffer.readableBytes <= limit else { throw tooLong(limit) }
            octets += buffer.readBytes(length: buffer.readableBytes) ?? []
        }
        return octets
    }

    private static func tooLong(_ limit: Int) -> Problem {
        Problem(.contentTooLarge, "the body is longer than \(limit) octets; send fewer documents at a time")
    }
}
