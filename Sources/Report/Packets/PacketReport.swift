import Readiness
import Results
import Statistics
import Units

/// One incident packet by packet, as text: what was broken, delay over time, the packets that are worth a line.
public enum PacketReport {
    /// - Parameters:
    ///   - records: what ``IncidentRecord/all(of:)`` gave.
    ///   - rows: the most rows of the table.
    public static func render(
        _ document: ResultDocument,
        _ records: [IncidentRecord],
        filter: PacketFilter = .notable,
        rows: Int = 40,
        style: TextStyle
    ) -> String {
        var page = Page(style: style)
        page.add(
            paragraph: "Packets around the incidents of result \(document.id), at \(document.site), checked "
                + "\(document.startedAt.secondText). Times are UTC by this host's clock.",
            .plain
        )
        for record in records {
            page.add(headOf: record)
            page.add(plotsOf: record)
            page.add(tableOf: record, filter: filter, rows: rows)
        }
        return page.text
    }
}

extension Page {
    // MARK: What was broken

    fileprivate mutating func add(headOf record: IncidentRecord) {
        let incident = record.incident
        let stream = incident.stream == 0 ? "" : ", stream \(incident.stream)"
        add(blank: 1)
        add(paragraph: "INCIDENT \(record.number): \(incident.endpoint), port \(incident.port)\(stream)", .heading)
        for broken in incident.broken { add(paragraph: "– " + broken.sentence, indent: 2, hanging: 4) }
        let packets = record.packets
        let kept = packets.last.flatMap { last in packets.first.map { (last.sentAt - $0.sentAt).text } } ?? "0 s"
        let fates: [(PacketFate, String)] = [
            (.lostForward, "lost forward"), (.lostReverse, "lost in reverse"), (.lostSomewhere, "lost somewhere"),
            (.late, "answered too late"),
        ]
        let counts = fates.compactMap { fate, words -> String? in
            let count = packets.count { $0.fate == fate }
            return count == 0 ? nil : "\(NumberText.count(count)) \(words)"
        }
        add(
            paragraph: "Kept: \(NumberText.count(packets.count)) packets over \(kept)"
                + (counts.isEmpty ? ", none lost." : ", \(counts.joined(separator: ", "))."),
            indent: 2
        )
        add(paragraph: clockText(incident), indent: 2)
    }

    private func clockText(_ incident: IncidentDocument) -> String {
        guard let error = incident.oneWayUncertaintyMilliseconds, let clock = incident.clockOffset else {
            return "The far end told no times: round trips only."
        }
        let method = clock.method == Basis.synchronized.rawValue ? "by the clocks' claims" : "bounded by the round trip"
        return "One-way delays are \(method), right to within ± \(FigureText.milliseconds(error)) ms, all by the same "
            + "error: what changes from packet to packet is known far better."
    }

    // MARK: Plots

    fileprivate mutating func add(plotsOf record: IncidentRecord) {
        guard let first = record.packets.first, let last = record.packets.last else { return }
        let span = first.sentAt..<(last.sentAt + max(record.record.interval, Nanoseconds(1)))
        let glyphs = style.ascii ? DelayPlot.Glyphs.ascii : .unicode
        func plot(
            _ title: String,
            _ delay: @escaping (KeptPacket) -> Nanoseconds?,
            _ bounds: (target: Double, limit: Double),
            _ isLost: @escaping (KeptPacket) -> Bool
        ) -> (title: String, plot: DelayPlot) {
            let plot = DelayPlot(
                packets: record.packets,
                delay: delay,
                isLost: isLost,
                bounds: bounds,
                span: span,
                glyphs: glyphs
            )
            return (title, plot)
        }
        let bounds = record.delayBounds
        let isTwoWay = record.packets.contains { $0.forward != nil }
        let plots =
            isTwoWay
            ? [
                plot("forward delay, ms", \.forward, bounds) { [.lostForward, .lostSomewhere].contains($0.fate) },
                plot("reverse delay, ms", \.reverse, bounds) {
                    [.lostReverse, .lostSomewhere, .late].contains($0.fate)
                },
            ]
            : [plot("round trip, ms", \.roundTrip, (2 * bounds.target, 2 * bounds.limit)) { $0.fate != .answered }]
        for (title, plot) in plots {
            add(blank: 1)
            let bounds =
                "target \(FigureText.milliseconds(plot.bounds.target)), limit "
                + FigureText.milliseconds(plot.bounds.limit)
            var line = Line("  " + title, .heading)
            line.append(" (\(bounds))", .faint)
            add(line)
            for line in plot.lines() { add(line) }
            add(windowsOf: record, plot)
            add(timesOf: span)
        }
        let median = glyphs.median
        add(
            paragraph: "\(median) median of a column, \(glyphs.upTo) up to the greatest; lost: packets of a column, # "
                + "for ten or more; \(glyphs.window) a window that broke a bound.",
            indent: 2,
            .faint
        )
    }

    private mutating func add(windowsOf record: IncidentRecord, _ plot: DelayPlot) {
        var isBroken = Array(repeating: false, count: DelayPlot.columns)
        for broken in record.incident.broken {
            let from = plot.column(of: broken.from.instant)
            let until = plot.column(of: broken.until.instant - Nanoseconds(1))
            for column in min(from, until)...max(from, until) { isBroken[column] = true }
        }
        var line = Line("         ")
        line.append(isBroken.map { $0 ? plot.glyphs.window : " " }.joined(), .warning)
        add(line)
    }

    /// The clock at the ends and in the middle.
    private mutating func add(timesOf span: Range<WallInstant>) {
        let middle = span.lowerBound + (span.upperBound - span.lowerBound) / 2
        let times = [span.lowerBound, middle, span.upperBound].map { $0.rfc3339.dropFirst(11).prefix(8) }
        let gap = String(repeating: " ", count: (DelayPlot.columns - 24) / 2)
        add(Line("         " + times.joined(separator: gap), .faint))
    }

    // MARK: Table

    fileprivate mutating func add(tableOf record: IncidentRecord, filter: PacketFilter, rows: Int) {
        guard rows > 0 else { return }
        let shown = record.packets.indices.filter { filter.admits(record.packets[$0], in: record) }
        add(blank: 1)
        guard !shown.isEmpty else {
            add(paragraph: "No packet of these is \(filter.words).", indent: 2)
            return
        }
        addTableHead()
        var last: Int?
        for index in shown.prefix(rows) {
            if let before = last, index > before + 1 { add(skipped: record.packets[(before + 1)..<index]) }
            add(rowOf: record.packets[index])
            last = index
        }
        guard shown.count > rows else { return }
        add(
            paragraph: "… \(NumberText.count(shown.count - rows)) more such packets; --rows \(shown.count) shows them, "
                + "--export writes all.",
            indent: 2,
            .faint
        )
    }

    private mutating func addTableHead() {
        var line = Line("  ")
        for (title, width) in Self.tableColumns { line.cell(title, width: width, right: true, .faint) }
        line.append("what became of it", .faint)
        add(line)
    }

    private static let tableColumns = [
        ("packet", 8), ("sent at", 15), ("fwd ms", 8), ("rev ms", 8), ("round", 8), ("dscp", 5),
    ]

    private mutating func add(rowOf packet: KeptPacket) {
        var line = Line("  ")
        func figure(_ time: Nanoseconds?) -> String { time.map { FigureText.column($0.milliseconds) } ?? "–" }
        let marks = [packet.farMark, packet.returnedMark].map { $0.map { "\($0.value)" } ?? "–" }
        let cells = [
            "\(packet.sequence)", String(packet.sentAt.rfc3339.dropFirst(11).prefix(15)), figure(packet.forward),
            figure(packet.reverse), figure(packet.roundTrip), marks.joined(separator: "/"),
        ]
        for (cell, column) in zip(cells, Self.tableColumns) { line.cell(cell, width: column.1, right: true) }
        let notes = [
            packet.fate.words, packet.reordered.isEmpty ? "" : "overtaken \(packet.reordered.name)",
            packet.duplicated.isEmpty ? "" : "doubled \(packet.duplicated.name)",
        ].filter { !$0.isEmpty }
        line.append(notes.joined(separator: ", ").cut(to: max(8, 80 - line.width)), packet.fate.emphasis)
        add(line)
    }

    private mutating func add(skipped packets: ArraySlice<KeptPacket>) {
        let trips = packets.compactMap { $0.roundTrip?.milliseconds }
        let range =
            trips.min().flatMap { low in trips.max().map { (low, $0) } }
            .map { ", round trip \(FigureText.column($0)) to \(FigureText.column($1)) ms" } ?? ""
        add(Line("         … \(NumberText.count(packets.count)) more\(range)", .faint))
    }
}

extension PacketFate {
    fileprivate var emphasis: Emphasis {
        switch self {
        case .answered: .plain
        case .late: .warning
        case .lostForward, .lostReverse, .lostSomewhere: .bad
        }
    }
}

extension PacketFilter {
    /// As the end of a sentence.
    fileprivate var words: String {
        switch self {
        case .all: "there"
        case .notable: "anything but ordinary"
        case .lost: "lost"
        case .slow: "slower than the target"
        case .disordered: "overtaken or doubled"
        }
    }
}
