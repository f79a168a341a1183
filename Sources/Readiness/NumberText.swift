import Glibc

/// Numbers as verdicts and reports write them: no more digits than a reader can use, and the same everywhere.
public enum NumberText {
    /// With at most so many decimals, none of them trailing zeros: `12.5`.
    public static func decimal(_ value: Double, places: Int) -> String {
        let scale = pow(10, Double(places))
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 9e15 else { return "\(value)" }
        let whole = Int64(scaled.magnitude) / Int64(scale)
        var digits = String(Int64(scaled.magnitude) % Int64(scale) + Int64(scale)).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        let sign = scaled < 0 ? "−" : ""
        return digits.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(digits)"
    }

    /// A value of a criterion without its unit, about three digits of it: `12.5` of 12.53 ms, `0.12` of a ratio of
    /// 0.0012, which is in per cent.
    public static func figure(_ value: Double, _ unit: Criterion.Unit) -> String {
        let shown = unit == .ratio ? value * 100 : value
        let size = shown.magnitude
        return decimal(shown, places: size < 0.0995 ? 3 : size < 9.995 ? 2 : size < 999.95 ? 1 : 0)
    }

    /// The same with its unit: `12.5 ms`, `0.12 %`.
    public static func value(_ value: Double, _ unit: Criterion.Unit) -> String {
        figure(value, unit) + (unit == .ratio ? " %" : " ms")
    }

    static func milliseconds(_ value: Double) -> String { self.value(value, .milliseconds) }
    static func percent(_ ratio: Double) -> String { value(ratio, .ratio) }

    /// `3,000`.
    public static func count(_ value: Int) -> String {
        var groups: [Substring] = []
        var rest = Substring(String(value.magnitude))
        while !rest.isEmpty {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return (value < 0 ? "−" : "") + groups.joined(separator: ",")
    }

    /// Rounded up to two significant digits: what one would ask for, of what is needed.
    static func roundedUp(_ value: Double) -> Int {
        guard value >= 1, value < 1e15 else { return 1 }
        let scale = pow(10, max(0, floor(log10(value)) - 1))
        return Int((value / scale).rounded(.up) * scale)
    }

    /// `3478`, `3478-3481` or `3478, 3480`.
    public static func ports(_ ports: [UInt16]) -> String {
        var parts: [String] = []
        var rest = ports.sorted()[...]
        while let first = rest.popFirst() {
            var last = first
            while let next = rest.first, Int(next) == Int(last) + 1 {
                last = next
                rest.removeFirst()
            }
            parts.append(first == last ? "\(first)" : "\(first)-\(last)")
        }
        return parts.joined(separator: ", ")
    }

    static func portsWithNoun(_ list: [UInt16]) -> String { (list.count == 1 ? "port " : "ports ") + ports(list) }
}
