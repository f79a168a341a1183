extension Nanoseconds {
    // Both signs that Unicode has for micro are in use: U+00B5 and the Greek letter U+03BC.
    private static let unitsByName: [String: Nanoseconds] = [
        "ns": Nanoseconds(1), "us": .microseconds(1), "\u{b5}s": .microseconds(1), "\u{3bc}s": .microseconds(1),
        "ms": .milliseconds(1), "s": .seconds(1), "min": .seconds(60), "m": .seconds(60), "h": .seconds(3_600),
        "d": .seconds(86_400),
    ]

    /// Reads a duration as people write it: `20ms`, `1.5 s`, `15min`, `1h30m`.
    ///
    /// - Throws: ``TextRefusal`` when there is no number, no unit, an unknown unit, or more than 290 years.
    public init(text: String) throws(TextRefusal) {
        let refusal = TextRefusal(
            "'\(text)' is not a duration; write a number and one of ns, us, ms, s, min, h, d, as in 20ms"
        )
        var rest = text.drop { $0 == " " }
        guard !rest.isEmpty else { throw refusal }
        var total = Nanoseconds.zero
        while !rest.isEmpty {
            let number = Self.take(&rest) { $0.isASCII && ($0.isWholeNumber || $0 == ".") }
            let unit = Self.take(&rest) { $0.isLetter }
            guard let value = Double(number), let length = Self.unitsByName[String(unit)] else { throw refusal }
            total += Nanoseconds(rounding: value * Double(length.count))
            guard total < .maximum else { throw refusal }
        }
        self = total
    }

    /// Takes what leads `rest`, and the blanks after it.
    private static func take(_ rest: inout Substring, _ belongs: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: belongs)
        rest = rest[taken.endIndex...].drop { $0 == " " }
        return taken
    }

    private static let shortUnits: [(name: String, length: Int64, limit: Int64)] = [
        ("ns", 1, 1_000), ("µs", 1_000, 1_000), ("ms", 1_000_000, 1_000), ("s", 1_000_000_000, 120),
    ]

    /// As a person would say it: to three significant digits below two minutes (`42.1 µs`, `20 ms`, `1.5 s`), in
    /// two units above (`15 min`, `2 h 30 min`). Reads back as the same duration to within half a per cent.
    public var text: String {
        let sign = count < 0 ? "−" : ""
        let size = magnitude.count
        guard size > 0 else { return "0 s" }
        for (name, length, limit) in Self.shortUnits where size < limit * length {
            let (whole, fraction) = Self.threeDigits(size, of: length)
            // 999.6 of one unit is 1 of the next.
            if whole < limit { return "\(sign)\(whole)\(fraction) \(name)" }
        }
        return sign + Self.twoUnits(seconds: (size / 500_000_000 + 1) / 2)
    }

    /// `size`, less than 1,000 units of `length`, to three significant digits of such units.
    private static func threeDigits(_ size: Int64, of length: Int64) -> (whole: Int64, fraction: String) {
        let digit = size < 10 * length ? length / 100 : size < 100 * length ? length / 10 : length
        let step = max(1, digit)
        let rounded = (size + step / 2) / step * step
        var decimals = String(1_000 + rounded % length * 1_000 / length).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        return (rounded / length, decimals.isEmpty ? "" : ".\(decimals)")
    }

    private static func twoUnits(seconds: Int64) -> String {
        let (great, small) = seconds < 7_200 ? (("min", 60), ("s", 1)) : (("h", 3_600), ("min", 60))
        let count = (Int(seconds) + small.1 / 2) / small.1
        let whole = count * small.1 / great.1
        let rest = count - whole * great.1 / small.1
        return "\(whole) \(great.0)" + (rest == 0 ? "" : " \(rest) \(small.0)")
    }
}
