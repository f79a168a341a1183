import Units

extension ImpairmentSpec {
    /// Reads what the command line says: settings separated by commas, each `name=value`; a value that itself
    /// begins with a digit and has no name goes on with the ports of a `block`.
    init(text: String) throws(TextRefusal) {
        self.init()
        var name = ""
        for part in text.split(separator: ",") {
            if let equals = part.firstIndex(of: "=") {
                name = String(part[..<equals])
                try set(name, to: String(part[part.index(after: equals)...]))
            } else if name == "block" {
                try set(name, to: String(part))
            } else {
                throw TextRefusal("'\(part)' is not a setting; write name=value")
            }
        }
    }

    private mutating func set(_ name: String, to value: String) throws(TextRefusal) {
        switch name {
        case "delay": delay = try Nanoseconds(text: value)
        case "jitter": jitter = try JitterSpec(text: value)
        case "order": keepsOrder = try Self.order(value)
        case "loss": loss = try Self.share(value)
        case "burst": burst = try BurstSpec(text: value)
        case "duplicate": duplicate = try Self.share(value)
        case "reorder": (reorder, reorderDelay) = try Self.reordering(value)
        case "dscp": dscpRules.append(try DSCPRule(text: value))
        case "block": blockedPorts.insert(try Self.port(value))
        case "icmp": try refuse(value)
        case "outage": outage = try Self.outage(value)
        case "rate": bitsPerSecond = try Self.rate(value)
        case "queue": queueLimit = try Nanoseconds(text: value)
        default: throw TextRefusal("'\(name)' is not a setting of the link")
        }
    }

    private mutating func refuse(_ value: String) throws(TextRefusal) {
        let (port, kind) = try Self.pair(value)
        guard let refusal = ICMPRefusal(rawValue: kind) else {
            throw TextRefusal("'\(kind)' is not an ICMP error; it can be port-unreachable or admin-prohibited")
        }
        refusedPorts[try Self.port(port)] = refusal
    }

    private static func order(_ value: String) throws(TextRefusal) -> Bool {
        guard value == "keep" || value == "free" else { throw TextRefusal("order is keep or free, not '\(value)'") }
        return value == "keep"
    }

    private static func reordering(_ value: String) throws(TextRefusal) -> (Double, Nanoseconds) {
        let (part, extra) = try pair(value)
        return (try share(part), try Nanoseconds(text: extra))
    }

    private static func outage(_ value: String) throws(TextRefusal) -> Range<Nanoseconds> {
        let ends = value.split(separator: "-")
        guard ends.count == 2 else { throw TextRefusal("an outage is FROM-UNTIL, not '\(value)'") }
        let (from, until) = (try Nanoseconds(text: String(ends[0])), try Nanoseconds(text: String(ends[1])))
        guard from < until else { throw TextRefusal("the outage '\(value)' ends before it begins") }
        return from..<until
    }

    private static func rate(_ value: String) throws(TextRefusal) -> Double {
        let units: [(String, Double)] = [("kbit", 1e3), ("Mbit", 1e6), ("Gbit", 1e9)]
        for (unit, size) in units where value.hasSuffix(unit) {
            if let number = Double(value.dropLast(unit.count)), number > 0 { return number * size }
        }
        throw TextRefusal("'\(value)' is not a rate; write a number and kbit, Mbit or Gbit")
    }

    fileprivate static func share(_ value: String) throws(TextRefusal) -> Double {
        guard value.hasSuffix("%"), let percent = Double(value.dropLast()), (0...100).contains(percent) else {
            throw TextRefusal("'\(value)' is not a share; write 0% to 100%")
        }
        return percent / 100
    }

    fileprivate static func port(_ value: String) throws(TextRefusal) -> UInt16 {
        guard let port = UInt16(value), port > 0 else { throw TextRefusal("'\(value)' is not a UDP port") }
        return port
    }

    fileprivate static func pair(_ value: String) throws(TextRefusal) -> (String, String) {
        guard let colon = value.firstIndex(of: ":") else { throw TextRefusal("'\(value)' wants two parts, A:B") }
        return (String(value[..<colon]), String(value[value.index(after: colon)...]))
    }
}

extension JitterSpec {
    init(text: String) throws(TextRefusal) {
        let (kind, size) = try ImpairmentSpec.pair(text)
        let length = try Nanoseconds(text: size)
        switch kind {
        case "uniform": self = .uniform(width: length)
        case "normal": self = .normal(deviation: length)
        case "exponential": self = .exponential(mean: length)
        default: throw TextRefusal("jitter is uniform, normal or exponential, not '\(kind)'")
        }
    }
}

extension BurstSpec {
    init(text: String) throws(TextRefusal) {
        let (enter, leave) = try ImpairmentSpec.pair(text)
        self.init(goodToBad: try ImpairmentSpec.share(enter), badToGood: try ImpairmentSpec.share(leave))
    }
}

extension DSCPRule {
    /// `46>0`, `46>0@3479`, `clear` (everything becomes 0) or `clear@3479`.
    init(text: String) throws(TextRefusal) {
        let halves = text.split(separator: "@", maxSplits: 1)
        let port: UInt16? = halves.count == 2 ? try ImpairmentSpec.port(String(halves[1])) : nil
        guard let change = halves.first else { throw TextRefusal("a DSCP rule is FROM>TO or clear, not '\(text)'") }
        if change == "clear" {
            self.init(from: nil, to: .bestEffort, port: port)
            return
        }
        let marks = change.split(separator: ">").map { Int($0).flatMap(DSCP.init) }
        guard marks.count == 2, let from = marks[0], let to = marks[1] else {
            throw TextRefusal("a DSCP rule is FROM>TO, each 0 to 63, or clear; not '\(text)'")
        }
        self.init(from: from, to: to, port: port)
    }
}
