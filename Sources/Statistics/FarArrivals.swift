import Units

/// The order in which packets reached the far end, where only its clock tells.
enum FarArrivals {
    struct Arrival {
        var transit: InterarrivalJitter.Transit
        /// T2, by the far clock.
        var at: WallInstant
        var sequence: Int
    }

    /// By the far clock; packets that arrived within `noise` of each other, which its timestamps cannot tell apart,
    /// in the order in which they were sent, which is the one that paths keep.
    static func inOrder(_ arrivals: [Arrival], within noise: Nanoseconds) -> [Arrival] {
        var ordered = arrivals.sorted {
            ($0.transit.clockEra, $0.at, $0.sequence) < ($1.transit.clockEra, $1.at, $1.sequence)
        }
        for index in ordered.indices.dropFirst() {
            var place = index
            while place > 0, comesBefore(ordered[place], ordered[place - 1], within: noise) {
                ordered.swapAt(place, place - 1)
                place -= 1
            }
        }
        return ordered
    }

    private static func comesBefore(_ later: Arrival, _ earlier: Arrival, within noise: Nanoseconds) -> Bool {
        later.transit.clockEra == earlier.transit.clockEra && later.sequence < earlier.sequence
            && later.at - earlier.at < noise
    }
}
