import Readiness
import Units

/// A moment as a result writes it: RFC 3339, UTC, microseconds.
public struct UTCTime: Hashable, Comparable, Sendable {
    public let microsecondsSinceUnixEpoch: Int64

    /// Nanoseconds are cut off.
    public init(_ instant: WallInstant) {
        let nanoseconds = instant.nanosecondsSinceUnixEpoch
        let quotient = nanoseconds / 1_000
        microsecondsSinceUnixEpoch = nanoseconds % 1_000 < 0 ? quotient - 1 : quotient
    }

    public var instant: WallInstant {
        WallInstant(nanosecondsSinceUnixEpoch: microsecondsSinceUnixEpoch.multipliedReportingOverflow(by: 1_000).0)
    }

    public var text: String { instant.rfc3339 }

    /// Reads exactly the form that ``text`` has; nil for anything else, other offsets and precisions included.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let form = Array("dddd-dd-ddTdd:dd:dd.ddddddZ".utf8)
        guard bytes.count == form.count else { return nil }
        var fields: [Int64] = [0]
        for (byte, expected) in zip(bytes, form) {
            if expected == UInt8(ascii: "d") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                fields[fields.count - 1] = fields[fields.count - 1] * 10 + Int64(byte - UInt8(ascii: "0"))
            } else {
                guard byte == expected else { return nil }
                fields.append(0)
            }
        }
        let days = Self.daysSinceUnixEpoch(year: fields[0], month: fields[1], day: fields[2])
        let seconds = days * 86_400 + fields[3] * 3_600 + fields[4] * 60 + fields[5]
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow, nanoseconds < .max - 1_000_000_000 else { return nil }
        self.init(WallInstant(nanosecondsSinceUnixEpoch: nanoseconds + fields[6] * 1_000))
        // A 31st of February would come back as another day.
        guard self.text == text else { return nil }
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.microsecondsSinceUnixEpoch < right.microsecondsSinceUnixEpoch
    }

    private static func daysSinceUnixEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let shiftedMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension UTCTime: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = UTCTime(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not a time like 2026-03-01T12:34:56.000001Z"
            )
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
