/// One value for each direction of a stream, and one for both together.
struct EachWay<Value> {
    var forward: Value
    var reverse: Value
    var roundTrip: Value

    func map<Other>(_ change: (Value) -> Other) -> EachWay<Other> {
        EachWay<Other>(forward: change(forward), reverse: change(reverse), roundTrip: change(roundTrip))
    }

    mutating func combine<Other>(_ other: EachWay<Other>, _ change: (inout Value, Other) -> Void) {
        change(&forward, other.forward)
        change(&reverse, other.reverse)
        change(&roundTrip, other.roundTrip)
    }
}

extension EachWay: Sendable where Value: Sendable {}

extension EachWay where Value == LossSample.Direction {
    static var directions: EachWay { EachWay(forward: .forward, reverse: .reverse, roundTrip: .roundTrip) }
}
