import Results

extension FigureFacts {
    /// Nil where nothing was measured that way.
    init?(_ document: EndpointDocument, _ streams: [StreamDocument], _ direction: FigureDirection) {
        let measured = streams.compactMap { $0.measured(direction) }
        let loss = document.loss(direction)
        guard !measured.isEmpty || loss != nil else { return nil }
        self.init(endpoint: TextRules.storable(document.endpoint), direction: direction)
        let delays = measured.compactMap(\.delayMilliseconds)
        figures[.delayP50] = delays.map(\.medianFigure).max { $0.value < $1.value }
        figures[.delayP95] = delays.map(\.p95Figure).max { $0.value < $1.value }
        figures[.jitterWorst15s] = measured.compactMap(\.jitterMilliseconds).compactMap(\.worstFigure)
            .max { $0.value < $1.value }
        figures[.lossRatio] = loss.map { Figure(value: $0.ratio, low: $0.low, high: $0.high) }
        offered = loss?.offered
        lost = loss?.lost
        for marks in measured.compactMap(\.dscp) { add(marks) }
    }

    /// Keys that are no DSCP are passed over.
    private mutating func add(_ packets: [String: Int]) {
        for (text, count) in packets {
            guard let mark = Int(text), (0...63).contains(mark), count >= 0 else { continue }
            let (sum, overflow) = marks[mark, default: 0].addingReportingOverflow(count)
            marks[mark] = overflow ? .max : sum
        }
    }
}

extension StreamDocument {
    fileprivate func measured(_ direction: FigureDirection) -> DirectionDocument? {
        switch direction {
        case .forward: forward
        case .reverse: reverse
        case .roundTrip: roundTrip
        }
    }
}

extension EndpointDocument {
    fileprivate func loss(_ direction: FigureDirection) -> LossDocument? {
        switch direction {
        case .forward: forwardLoss
        case .reverse: reverseLoss
        case .roundTrip: roundTripLoss
        }
    }
}

extension DelayDocument {
    fileprivate var medianFigure: Figure {
        Figure(value: p50, low: Swift.max(0, p50 - uncertainty), high: p50 + uncertainty)
    }

    /// Sampling and the clocks both leave the p95 open.
    fileprivate var p95Figure: Figure {
        Figure(
            value: p95,
            low: Swift.max(0, (p95Sampling.first ?? p95) - uncertainty),
            high: (p95Sampling.last ?? p95) + uncertainty
        )
    }
}

extension JitterDocument {
    fileprivate var worstFigure: Figure? {
        worst15s.map { Figure(value: $0, low: Swift.max(0, $0 - uncertainty), high: $0 + uncertainty) }
    }
}
