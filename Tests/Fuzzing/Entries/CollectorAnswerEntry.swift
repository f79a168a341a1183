import Agent
import Units

/// What is answered to a delivery of documents `a` and `b`. An input is the status in two octets, then Retry-After and
/// Location, each with its length before it, then the body.
enum CollectorAnswerEntry {
    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let status = Int(input.word() % 1_000)
        let retryAfter = header(&input)
        let location = header(&input)
        let response = HTTPResponse(
            status: status,
            retryAfter: retryAfter,
            location: location,
            body: input.remainder()
        )
        // 2026-11-24 12:00:00 UTC.
        let now = WallInstant(nanosecondsSinceUnixEpoch: 1_795_521_600_000_000_000)
        try check(CollectorAnswer(.answered(response), now: now), status)
    }

    private static func header(_ input: inout FuzzInput) -> String? {
        let octets = input.octets(Int(input.octet()))
        return octets.isEmpty ? nil : String(decoding: octets, as: UTF8.self)
    }

    private static func check(_ answer: CollectorAnswer, _ status: Int) throws(BrokenInvariant) {
        switch answer {
        case .items(let items):
            try require(status == 200, "only 200 settles documents one by one, not \(status)")
            for case .refused(let reason) in items.values { try check(reason) }
        case .tooLarge(let reason):
            try require(status == 413, "only 413 is about size, not \(status)")
            try check(reason)
        case .refused(let reason):
            try require((400...499).contains(status), "only 4xx is about what is in a batch, not \(status)")
            try check(reason)
        case .failed(let reason): try check(reason)
        case .unavailable(let reason, let retryAfter):
            try check(reason)
            try require((retryAfter ?? .zero) >= .zero, "no wait is negative")
        case .interrupted: throw BrokenInvariant("an answer interrupts nothing")
        }
    }

    private static func check(_ reason: String) throws(BrokenInvariant) {
        try require(!reason.isEmpty, "what went wrong is said")
        try require(reason.unicodeScalars.count <= CollectorAnswer.longestReason + 200, "a reason is short")
        let controls = reason.unicodeScalars.contains { $0.properties.generalCategory == .control }
        try require(!controls, "a reason controls no terminal")
    }
}
