/// Does one thing a number of times and nothing else, for callgrind to count: `cost CASE COUNT`.
@main
struct Cost {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let work = cases[arguments[1]], let count = Int(arguments[2]) else {
            print("usage: cost CASE COUNT, where CASE is one of \(cases.keys.sorted().joined(separator: " "))")
            return
        }
        work(count)
    }

    private static let cases: [String: @Sendable (Int) -> Void] = [
        "send": { Exchange(isAuthenticated: false).send($0) },
        "send-authenticated": { Exchange(isAuthenticated: true).send($0) },
        "read": { Exchange(isAuthenticated: false).read($0) },
        "read-authenticated": { Exchange(isAuthenticated: true).read($0) },
        "reflect": { Exchange(isAuthenticated: false).reflect($0) },
        "reflect-authenticated": { Exchange(isAuthenticated: true).reflect($0) },
        "ring": { passThroughRing($0) },
        "analyse-3000": { analyse(packets: 3_000, times: $0) },
        "analyse-48000": { analyse(packets: 48_000, times: $0) },
    ]
}

/// Random numbers that are the same in every run, so that counts are.
struct FixedGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
