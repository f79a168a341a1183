import Foundation
import Units

/// Addresses and sizes as people write them.
extension SettingText {
    /// `https://HOST[:PORT][/PATH]`, without its last slash. `http` only to this host itself: a token would be read.
    public static func collectorURL(_ text: String) throws(TextRefusal) -> String {
        let address = try address(text, schemes: ["https", "http"])
        guard address.scheme == "https" || isLoopback(address.host) else {
            throw TextRefusal("'\(text)' is not encrypted; write https://, http:// is only for this host itself")
        }
        return address.text
    }

    /// `http://HOST:PORT` or `https://HOST:PORT`.
    public static func proxyURL(_ text: String) throws(TextRefusal) -> String {
        let address = try address(text, schemes: ["http", "https"])
        guard address.path.isEmpty else { throw TextRefusal("'\(text)' has a path; write it as http://HOST:PORT") }
        return address.text
    }

    /// `http://HOST[:PORT][/PATH]`, or with https, without its last slash.
    public static func url(_ text: String) throws(TextRefusal) -> String {
        try address(text, schemes: ["https", "http"]).text
    }

    /// `https://HOST[:PORT]/PATH[?QUERY]`; `http` only to this host itself, since whoever answered could say which
    /// addresses are Microsoft's.
    public static func endpointsURL(_ text: String) throws(TextRefusal) -> String {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let address = try address(String(parts.first ?? ""), schemes: ["https", "http"])
        guard address.scheme == "https" || isLoopback(address.host) else {
            throw TextRefusal("'\(text)' is not encrypted; write https://, http:// is only for this host itself")
        }
        guard parts.count == 2 else { return address.text }
        guard parts[1].utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw TextRefusal("what follows '?' in '\(text)' has a character that an address cannot have")
        }
        return "\(address.text)?\(parts[1])"
    }

    private struct Address {
        var text: String
        var scheme: String
        var host: String
        var path: String
    }

    private static func address(_ text: String, schemes: [String]) throws(TextRefusal) -> Address {
        let form = "write it as \(schemes[0])://HOST:PORT/PATH"
        // What an error shows of it must not be a password.
        guard !text.contains("@") else {
            throw TextRefusal("a user or a password stands in the address; \(form), and secrets into a file")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), text.utf8.count <= 2_000,
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            schemes.contains(scheme), let host = parts.host, !host.isEmpty
        else { throw TextRefusal("'\(text.prefix(200))' is not an address; \(form)") }
        guard parts.query == nil, parts.fragment == nil else {
            throw TextRefusal("'\(text)' has a '?' or '#'; \(form)")
        }
        if let port = parts.port, !(1...65_535).contains(port) {
            throw TextRefusal("\(port) is outside 1 to 65535; \(form)")
        }
        let trimmed = String(text.reversed().drop { $0 == "/" }.reversed())
        let path = String(parts.path.reversed().drop { $0 == "/" })
        return Address(text: trimmed, scheme: scheme, host: host, path: path)
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return octets.count == 4 && octets.allSatisfy { $0 != nil } && octets[0] == 127
    }

    /// A size, as `200 MB`: kB, MB, GB and TB are powers of 1000, KiB, MiB, GiB and TiB of 1024.
    ///
    /// - Returns: octets.
    public static func octets(_ text: String, within bounds: ClosedRange<Int>) throws(TextRefusal) -> Int {
        let units = [
            "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30, "tib": 0x1p40,
        ]
        let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
        guard let factor = units[unit], let count = Double(number), count.isFinite else {
            throw TextRefusal("'\(text)' is not a size; write it as 200 MB or 1.5 GB")
        }
        let value = (count * factor).rounded()
        guard (Double(bounds.lowerBound)...Double(bounds.upperBound)).contains(value) else {
            throw TextRefusal("'\(text)' is outside \(size(bounds.lowerBound)) to \(size(bounds.upperBound))")
        }
        return Int(value)
    }

    /// A size in the largest unit that it is a whole number of.
    public static func size(_ octets: Int) -> String {
        for (unit, factor) in [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)]
        where octets >= factor && octets.isMultiple(of: factor) {
            return "\(octets / factor) \(unit)"
        }
        return "\(octets) octets"
    }
}
