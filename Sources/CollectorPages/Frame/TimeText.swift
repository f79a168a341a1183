import Report
import Results
import Units

/// Moments as pages name them.
enum TimeText {
    /// `2026-03-01 12:34`.
    static func minute(_ time: UTCTime) -> String { time.text.prefix(10) + " " + time.text.dropFirst(11).prefix(5) }

    /// `4 min ago`; `just now` for what is less than a minute ago, or ahead by the other's clock.
    static func ago(_ time: UTCTime, now: UTCTime) -> String {
        let seconds = (now.microsecondsSinceUnixEpoch &- time.microsecondsSinceUnixEpoch) / 1_000_000
        switch seconds {
        case ..<60: return "just now"
        case ..<7_200: return "\(seconds / 60) min ago"
        case ..<172_800: return "\(seconds / 3_600) h ago"
        default: return "\(seconds / 86_400) days ago"
        }
    }

    /// The moment itself, to the minute, for readers and machines.
    static func html(_ time: UTCTime) -> HTML { tag(.time, .datetime(time.text)) { minute(time) } }

    /// How long ago, with the moment for who points at it.
    static func html(_ time: UTCTime, now: UTCTime) -> HTML {
        tag(.time, .datetime(time.text), .title(minute(time) + " UTC")) { ago(time, now: now) }
    }
}
