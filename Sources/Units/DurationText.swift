extension Nanoseconds {
    private static let unitsByName: [(name: String, length: Nanoseconds)] = [
        ("ns", Nanoseconds(1)), ("us", .microseconds(1)), ("µs", .microseconds(1)), ("ms", .milliseconds(1)),
        ("s", .seconds(1)), ("min", .seconds(60)), ("m", .seconds(60)), ("h", .seconds(3_600)), ("d", .seconds(86_400)),
    ]

    /// Reads a duration as people write it: `20ms`, `1.5 s`, `15min`, `1h30m`.
    ///
    /// - Throws: ``TextRefusal`` when there is no number, no unit, an unknown unit, or more than 290 years.
    public init(text: String) throws(TextRefusal) {
        let refusal = TextRefusal(
            "'\(text)' is not a duration; write a number and one of ns, us, ms, s, min, h, d, as in 20ms"
        )
        var rest = Substring(text.filter { $0 != " " })
        guard !rest.isEmpty else { throw refusal }
        var total = Nanoseconds.zero
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = rest.dropFirst(digits.count).prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            guard let number = Double(digits), let length = Self.unitsByName.first(where: { $0.name == unit })?.length
            else { throw refusal }
            let part = Nanoseconds(rounding: number * Double(length.count))
            guard part < .maximum, total + part < .maximum else { throw refusal }
            total += part
            rest = rest.dropFirst(digits.count + unit.count)
        }
        self = total
    }

    /// The duration in the unit a person would choose, with at most three decimals: `20 ms`, `1.5 s`, `15 min`.
    public var text: String {
        let size = Double(magnitude.count)
        let unit: (String, Double) =
            switch size {
            case 0: ("s", 1e9)
            case ..<1e3: ("ns", 1)
            case ..<1e6: ("µs", 1e3)
            case ..<1e9: ("ms", 1e6)
            case ..<120e9: ("s", 1e9)
            case ..<7200e9: ("min", 60e9)
            default: ("h", 3600e9)
            }
        let thousandths = (Double(count) / unit.1 * 1000).rounded()
        let whole = thousandths / 1000
        return whole == whole.rounded() ? "\(Int64(whole)) \(unit.0)" : "\(whole) \(unit.0)"
    }
}
