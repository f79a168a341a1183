import Readiness
import Results

/// Ports that fared alike at a hop: one row of the table.
private struct HopRow {
    var ports: [UInt16]
    var hops: [TraceHopDocument]

    var first: TraceHopDocument? { hops.first }
    var addresses: [String] { first?.addresses.map(\.address) ?? [] }
    var sent: Int { hops.reduce(0) { $0 &+ $1.sent } }
    var answered: Int { hops.reduce(0) { $0 &+ $1.answered } }

    /// Ports share a row when the same addresses saw the same marks.
    func isLike(_ hop: TraceHopDocument) -> Bool {
        addresses == hop.addresses.map(\.address) && first?.dscp?.keys.sorted() == hop.dscp?.keys.sorted()
            && first?.mpls == hop.mpls && first?.ecn?.keys.sorted() == hop.ecn?.keys.sorted()
    }

    /// The least, the median of the ports' medians, the greatest, ms.
    var delays: [Double]? {
        let all = hops.compactMap(\.delayMilliseconds)
        let medians = all.map(\.p50).sorted()
        guard let least = all.map(\.min).min(), let most = all.map(\.max).max() else { return nil }
        return [least, medians[(medians.count - 1) / 2], most]
    }

    /// Probes by mark, the most frequent first.
    func packets(_ marks: (TraceHopDocument) -> [String: Int]?) -> [(value: String, count: Int)] {
        var packets: [String: Int] = [:]
        for hop in hops { packets.merge(marks(hop) ?? [:]) { $0 &+ $1 } }
        return packets.map { (value: $0.key, count: $0.value) }
            .sorted { $0.count == $1.count ? $0.value < $1.value : $0.count > $1.count }
    }
}

extension Page {
    private static let addressWidth = 20
    private static let portsWidth = 14

    mutating func add(hopsOf document: TraceDocument) {
        add(heading: "HOPS")
        addHopHead()
        let numbers = Set(document.ports.flatMap { $0.hops.map(\.hop) }).sorted()
        for number in numbers {
            for (index, row) in rows(document, hop: number).enumerated() {
                add(row, number: index == 0 ? "\(number)" : "", document)
            }
        }
        add(
            paragraph: "Round trips in ms; where ports share a line, p50 is the middle of theirs. DSCP as it arrived "
                + "at the hop.",
            indent: 2,
            .faint
        )
    }

    private func rows(_ document: TraceDocument, hop number: Int) -> [HopRow] {
        var rows: [HopRow] = []
        for port in document.ports {
            guard let hop = port.hops.first(where: { $0.hop == number }) else { continue }
            if let index = rows.firstIndex(where: { $0.isLike(hop) }) {
                rows[index].ports.append(port.port)
                rows[index].hops.append(hop)
            } else {
                rows.append(HopRow(ports: [port.port], hops: [hop]))
            }
        }
        return rows
    }

    private mutating func addHopHead() {
        var line = Line("  ")
        line.cell("hop", width: 3, right: true, .faint)
        line.cell("address", width: Self.addressWidth, .faint)
        line.cell("ports", width: Self.portsWidth, .faint)
        line.cell("answered", width: 8, right: true, .faint)
        for name in ["min", "p50", "max"] { line.cell(name, width: 6, right: true, .faint) }
        line.append("DSCP", .faint)
        add(line)
    }

    private mutating func add(_ row: HopRow, number: String, _ document: TraceDocument) {
        let isDestination = row.addresses.contains(document.address)
        var line = Line("  ")
        line.cell(number, width: 3, right: true)
        let address = row.addresses.first ?? "no answer"
        if address.count > Self.addressWidth {
            // An IPv6 address in full takes a line of its own.
            line.append(address, isDestination ? .heading : .plain)
            add(line)
            line = Line("      ")
            line.cell("", width: Self.addressWidth)
        } else {
            line.cell(
                address,
                width: Self.addressWidth,
                row.addresses.isEmpty ? .faint : isDestination ? .heading : .plain
            )
        }
        line.cell(portsText(row.ports, document), width: Self.portsWidth)
        line.cell("\(row.answered)/\(row.sent)", width: 8, right: true, row.answered < row.sent ? .warning : .plain)
        for index in 0..<3 {
            line.cell(row.delays.map { FigureText.column($0[index]) } ?? "–", width: 6, right: true)
        }
        let marks = row.packets(\.dscp)
        let text = marks.count > 1 ? "mixed" : marks.first?.value
        let isRight = marks.allSatisfy { $0.value == "\(document.dscp)" }
        line.append(text ?? "–", isRight ? .plain : .warning)
        add(line)
        addDetails(row)
    }

    private mutating func addDetails(_ row: HopRow) {
        let marks = row.packets(\.dscp)
        if marks.count > 1 {
            let counts = marks.map { "\($0.value) on \($0.count)" }.joined(separator: ", ")
            add(paragraph: "DSCP \(counts)", indent: 6, .warning)
        }
        for other in row.addresses.dropFirst() { add(Line("      \(other), too", .faint)) }
        for stack in row.first?.mpls ?? [] {
            let labels = stack.map { "\($0.label) (class \($0.trafficClass), TTL \($0.ttl))" }
            add(paragraph: "MPLS \(labels.joined(separator: ", "))", indent: 6, .faint)
        }
        let congestion = row.packets(\.ecn).filter { $0.value != "0" }
        for (value, count) in congestion { add(Line("      ECN \(value) on \(count)", .faint)) }
    }

    private func portsText(_ ports: [UInt16], _ document: TraceDocument) -> String {
        ports.count == document.ports.count && ports.count > 1
            ? "all" : NumberText.ports(ports).replacing(" ", with: "")
    }
}
