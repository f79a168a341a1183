import Units

/// Every 15 s window of one stream that breaks a bound, one ending with each packet.
struct WindowScan {
    static let length = Nanoseconds.seconds(15)

    /// One value of one packet, by when that was sent.
    typealias Sample = (sentAt: WallInstant, value: Double)

    struct Window: Hashable {
        var from: WallInstant
        var until: WallInstant
        var value: Double
        /// Packets lost of the window; nil for what is no loss.
        var lost: Int?
    }

    /// When the packets that count begin, and the time between two.
    var runStart: WallInstant
    var interval: Nanoseconds
    /// Where a window's middle must lie: each belongs to one part of a run that is judged in parts.
    var judged: JudgedTime

    /// The number of packets of a whole window; nil where the interval is none.
    var size: Int? { Self.length.packets(every: interval) }

    /// Nil where nothing was measured.
    init?(_ stream: MatchedStream) {
        guard let judged = stream.judgedTime, let first = stream.sentAt[stream.run].first, stream.interval > .zero
        else { return nil }
        self.judged = judged
        runStart = first
        interval = stream.interval
    }

    /// Windows whose mean (of jitter, by the definition of the worst 15 s), or whose percentile, is at least `bound`.
    /// A window of which less than half has a value says too little and is passed over.
    func windows(_ samples: [Sample], percentile: Int?, atLeast bound: Double) -> [Window] {
        let samples = samples.sorted { $0.sentAt < $1.sentAt }
        var content = WindowContent(percentile: percentile)
        var start = 0
        var found: [Window] = []
        for (end, sample) in samples.enumerated() {
            content.insert(sample.value)
            while sample.sentAt - samples[start].sentAt >= Self.length {
                content.remove(samples[start].value)
                start += 1
            }
            // Each packet stands for one interval; half of one is granted to the sender's own timing.
            guard sample.sentAt - runStart + interval + interval / 2 >= Self.length,
                judged.contains(sample.sentAt - Self.length / 2), 2 * (end - start + 1) >= size ?? 1,
                let value = content.value, value >= bound
            else { continue }
            found.append(Window(from: samples[start].sentAt, until: sample.sentAt + interval, value: value))
        }
        return found
    }

    /// Windows of as many consecutive packets as 15 s hold, with at least two of them lost.
    func windows(_ sample: LossSample, atLeast bound: Double) -> [Window] {
        guard let size, sample.outcomes.count >= size, sample.outcomes.count == sample.sentAt.count else { return [] }
        var lost = 0
        var offered = 0
        var found: [Window] = []
        for (index, outcome) in sample.outcomes.enumerated() {
            if outcome == .lost { lost += 1 }
            if outcome != .absent { offered += 1 }
            if index >= size {
                if sample.outcomes[index - size] == .lost { lost -= 1 }
                if sample.outcomes[index - size] != .absent { offered -= 1 }
            }
            guard index >= size - 1, lost >= 2, 2 * offered >= size, sample.judged.contains(index - size / 2) else {
                continue
            }
            let ratio = Double(lost) / Double(offered)
            guard ratio >= bound else { continue }
            let until = sample.sentAt[index] + interval
            found.append(Window(from: sample.sentAt[index - size + 1], until: until, value: ratio, lost: lost))
        }
        return found
    }

    /// The worst of these windows, then the worst of those that do not overlap it, and so on. Of windows that are as
    /// bad one after the other the middle one, so that what they all have in them lies in its middle.
    static func apart(_ windows: [Window]) -> [Window] {
        var rest = windows
        var chosen: [Window] = []
        while let worst = rest.map(\.value).max(), let first = rest.firstIndex(where: { $0.value == worst }) {
            let run = rest[first...].prefix { $0.value == worst }
            let window = rest[first + run.count / 2]
            chosen.append(window)
            rest.removeAll { $0.from < window.until && window.from < $0.until }
        }
        return chosen
    }
}

/// The values within a window as it moves.
private struct WindowContent {
    let percentile: Int?
    private var sum = 0.0
    private var count = 0
    /// Only where a percentile is asked for.
    private var sorted: [Double] = []

    init(percentile: Int?) { self.percentile = percentile }

    mutating func insert(_ value: Double) {
        sum += value
        count += 1
        if percentile != nil { sorted.insert(value, at: place(of: value)) }
    }

    mutating func remove(_ value: Double) {
        sum -= value
        count -= 1
        if percentile != nil { sorted.remove(at: place(of: value)) }
    }

    var value: Double? {
        guard count > 0 else { return nil }
        return percentile.map { Quantiles.nearestRank($0, of: sorted) } ?? sum / Double(count)
    }

    /// Of the first that is not less.
    private func place(of value: Double) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
