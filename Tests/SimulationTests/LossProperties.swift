import ProbeCore
import SimulatedNetwork
import Statistics
import Units

extension CheckedRun {
    func checkLosses(_ violations: inout Violations) {
        for (index, stream) in statistics.streams.enumerated() {
            let truth = outcome.truths[index]
            let range = measured(index)
            let forward = truth.lostForward(range).count
            let reverse = truth.lostReverse(range).count
            let name = "stream \(index)"
            violations.expect(stream.packets.sent == range.count, "packets sent", "\(name) \(stream.packets.sent)")
            violations.expect(
                stream.packets.received == range.count - forward - reverse,
                "packets received",
                "\(name) \(stream.packets.received), truly \(range.count - forward - reverse)"
            )
            if let loss = stream.roundTrip.loss {
                violations.expect(
                    loss.lost == forward + reverse,
                    "losses of the round trip",
                    "\(name) \(loss.lost), truly \(forward + reverse)"
                )
            }
            checkDirections(stream, index, lost: (forward, reverse), &violations)
            checkCopies(stream, truth, range, name, &violations)
        }
    }

    /// Whether the far end's numbers tell the directions apart: it counts on its own and that shows.
    private func isIdentifiable(_ stream: Int) -> Bool {
        guard !scenario.reflector.isStateless, scenario.reflector.restart == nil else { return false }
        let truth = outcome.truths[stream]
        let measured = measured(stream)
        let shows =
            outcome.log.streams.contains(where: \.showsStatefulReflector)
            || outcome.truths.contains { $0.requests.filter { $0.sequence == 1 }.count == 2 }
        return shows && truth.replies.contains { $0.sequence < measured.lowerBound }
            && truth.replies.contains { $0.sequence >= measured.upperBound }
    }

    /// Losses that nobody can tell apart by the numbers: in a row across an edge of the measured packets, in both
    /// directions.
    private func ambiguous(_ stream: Int) -> Int {
        let truth = outcome.truths[stream]
        let measured = measured(stream)
        let answered = Set(truth.replies.map(\.sequence))
        let arrived = Set(truth.requests.map(\.sequence))
        let count = truth.departures.count
        return [measured.lowerBound, measured.upperBound].reduce(0) { sum, edge in
            let start = (0..<edge).last(where: answered.contains).map { $0 + 1 } ?? 0
            let end = (edge..<count).first(where: answered.contains) ?? count
            let row = start..<max(start, end)
            let reverse = row.count(where: arrived.contains)
            let isMixed = reverse > 0 && reverse < row.count
            return sum + (isMixed ? row.clamped(to: measured).count : 0)
        }
    }

    /// Losses per direction are exact where the numbers tell; where they do not, none is put down to the wrong
    /// direction. What nobody can know, a copy or an overtaken packet whose reply was lost, may shift one loss each.
    private func checkDirections(
        _ stream: StreamStatistics,
        _ index: Int,
        lost: (forward: Int, reverse: Int),
        _ violations: inout Violations
    ) {
        let name = "stream \(index)"
        guard let forward = stream.forward.loss, let reverse = stream.reverse.loss else {
            violations.expect(
                stream.packets.received == 0 || !isIdentifiable(index),
                "losses told apart where the reflector counts",
                name
            )
            return
        }
        let detail = """
            \(name) forward \(forward.lost), reverse \(reverse.lost), unattributed \(forward.unattributed); truly \
            \(lost.forward) and \(lost.reverse), hidden \(outcome.truths[index].hidden(measured(index)))
            """
        let hidden = outcome.truths[index].hidden(measured(index))
        let unknown = forward.unattributed
        violations.expect(
            forward.lost + reverse.lost + unknown == lost.forward + lost.reverse,
            "losses of both directions add up",
            detail
        )
        violations.expect(
            forward.lost <= lost.forward + hidden && lost.forward <= forward.lost + unknown + hidden
                && reverse.lost <= lost.reverse + hidden && lost.reverse <= reverse.lost + unknown + hidden,
            "losses in the right direction",
            detail
        )
        violations.expect(
            unknown <= ambiguous(index) || !isIdentifiable(index),
            "no loss left unattributed that can be told",
            detail
        )
    }

    private func checkCopies(
        _ stream: StreamStatistics,
        _ truth: PathTruth,
        _ range: Range<Int>,
        _ name: String,
        _ violations: inout Violations
    ) {
        let hidden = truth.hidden(range)
        let parts: [(String, Int?, Int, Int)] = [
            ("forward duplicates", stream.forward.duplicates, truth.forwardDuplicates(range), hidden),
            ("reverse duplicates", stream.reverse.duplicates, truth.reverseDuplicates(range), 0),
            ("forward reordered", stream.forward.reordered, truth.forwardReordered(range), 0),
            ("reverse reordered", stream.reverse.reordered, truth.reverseReordered(range), 0),
        ]
        for (part, reported, true_, slack) in parts {
            guard let reported else { continue }
            violations.expect(
                abs(reported - true_) <= slack,
                part,
                "\(name) \(reported), truly \(true_), hidden \(hidden)"
            )
        }
        let copies = truth.replies.filter { range.contains($0.sequence) }.count
        let answered = Set(truth.replies.map(\.sequence).filter(range.contains)).count
        violations.expect(
            stream.roundTrip.duplicates == copies - answered,
            "duplicates of the round trip",
            "\(name) \(stream.roundTrip.duplicates ?? -1), truly \(copies - answered)"
        )
    }
}
