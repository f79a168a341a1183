import Readiness
import Results

extension Page {
    /// How many calls the line carries, where that was looked for.
    mutating func add(capacityOf document: ResultDocument) {
        guard let capacity = document.capacity else { return }
        add(heading: "CALLS")
        let wording = Wording()
        add(paragraph: wording.answer(capacity), indent: 2)
        if let queueing = capacity.queueingBeginsKilobitsPerSecond, queueing.count == 2 {
            add(
                paragraph:
                    "Queueing begins between \(wording.rate(queueing[0])) and \(wording.rate(queueing[1])) each way.",
                indent: 2
            )
        }
        var head = Line("  ")
        for (name, width) in Self.capacityColumns { head.cell(name, width: width, right: true, .faint) }
        add(head)
        for trial in capacity.trials.sorted(by: { $0.calls < $1.calls }) { add(row(trial)) }
    }

    private static let capacityColumns = [
        ("calls", 5), ("each way", 12), ("p95 ms", 8), ("jitter", 7), ("loss", 8),
    ]

    private func row(_ trial: CapacityDocument.Trial) -> Line {
        var line = Line("  ")
        let figures = [
            NumberText.count(trial.calls), Wording().rate(trial.kilobitsPerSecond),
            trial.delayP95Milliseconds.map(FigureText.milliseconds) ?? "–",
            trial.jitterMilliseconds.map(FigureText.milliseconds) ?? "–",
            trial.lossRatio.map { FigureText.percent($0) + " %" } ?? "–",
        ]
        for (figure, column) in zip(figures, Self.capacityColumns) {
            line.cell(figure, width: column.1, right: true)
        }
        line.append(trial.carried ? "carried" : "broke: \(Wording().words(trial.broken))".cut(to: 33))
        return line
    }
}

extension Wording {
    func answer(_ capacity: CapacityDocument) -> String {
        guard let calls = capacity.calls else {
            return "The line does not carry even the fewest calls that were tried: \(words(capacity.limitedBy)) broke."
        }
        guard !capacity.limitedBy.isEmpty else {
            return calls == capacity.upTo
                ? "The line carries \(NumberText.count(calls)) calls within target; more were not tried."
                : "The line carries at least \(NumberText.count(calls)) calls within target; the search was ended early."
        }
        return "The line carries \(NumberText.count(calls)) calls within target; with more, "
            + "\(words(capacity.limitedBy)) broke first."
    }

    func words(_ names: [String]) -> String { names.map { $0.replacingUnderscores }.joined(separator: " and ") }

    func rate(_ kilobitsPerSecond: Double) -> String {
        kilobitsPerSecond < 1_000
            ? "\(NumberText.decimal(kilobitsPerSecond, places: 0)) kbit/s"
            : "\(NumberText.decimal(kilobitsPerSecond / 1_000, places: 2)) Mbit/s"
    }
}

extension String {
    fileprivate var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }
}
