import Readiness
import Settings
import Units

/// What only a probe's settings are written as.
extension SettingText {
    public static func dscp(_ text: String) throws(TextRefusal) -> DSCP {
        let names = ["ef": 46, "af41": 34, "af21": 18, "cs1": 8, "be": 0, "default": 0]
        guard let value = DSCP(names[text.lowercased()] ?? Int(text) ?? -1) else {
            throw TextRefusal("'\(text)' is not a DSCP; write 0 to 63, or one of EF, AF41, AF21, CS1, BE")
        }
        return value
    }

    public static func codec(_ text: String) throws(TextRefusal) -> VoiceCodec {
        guard let codec = VoiceCodec(rawValue: text.lowercased()) else {
            let known = VoiceCodec.allCases.map(\.rawValue).joined(separator: ", ")
            throw TextRefusal("'\(text)' is not a codec known here; it can be \(known)")
        }
        return codec
    }

    public static func statistic(_ text: String, of metric: Rule.Metric) throws(TextRefusal) -> Statistic {
        guard let statistic = metric.statistics.first(where: { $0.rawValue == text }) else {
            let known = metric.statistics.map(\.rawValue).joined(separator: ", ")
            throw TextRefusal("'\(text)' cannot be judged for \(metric.rawValue); it can be \(known)")
        }
        return statistic
    }
}
