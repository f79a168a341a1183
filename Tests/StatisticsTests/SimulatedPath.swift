import Foundation
import ProbeCore
import Units

/// A seeded source of random numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D &+ 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
    mutating func chance(_ probability: Double) -> Bool { unit() < probability }
    mutating func exponential(mean: Double) -> Double { -mean * log(1 - unit()) }
}

/// What one direction of a simulated path does to packets. Times in milliseconds.
struct SimulatedDirection {
    enum Loss {
        case random(Double)
        /// Gilbert's two states: good to bad, bad to good; everything is lost in bad.
        case bursts(enter: Double, leave: Double)
        case packets(Set<Int>)
    }

    var delay = 10.0
    /// Mean of an exponential queueing delay; packets queue and do not overtake each other.
    var queueing = 0.0
    var loss = Loss.random(0)
    var duplicated = 0.0
    /// Share of packets that take a detour of `detour` and are overtaken.
    var detoured = 0.0
    var detour = 50.0
    /// From `at` seconds on, the delay is `by` more.
    var routeChanges: [(at: Double, by: Double)] = []
}

/// A far clock against the local one. Times in seconds of the run.
struct SimulatedClock {
    var offset = 0.0
    var skewPPM = 0.0
    /// From `at` on the far clock is `by` more.
    var steps: [(at: Double, by: Double)] = []
    /// Additional rate from one time to another.
    var slew: (from: Double, to: Double, ppm: Double)?

    /// Far minus local, nanoseconds.
    func offset(at seconds: Double) -> Double {
        var value = offset + skewPPM * 1e-6 * seconds
        for step in steps where seconds >= step.at { value += step.by }
        if let slew {
            value += slew.ppm * 1e-6 * (min(max(seconds, slew.from), slew.to) - slew.from)
        }
        return value * 1e9
    }
}

/// How the simulated far end numbers and stamps its replies.
struct SimulatedReflector {
    enum Numbering {
        case counting(from: UInt32)
        case copying
        case none
    }

    var numbering = Numbering.counting(from: 1000)
    /// At this time it begins again with another numbering.
    var restart: (at: Double, numbering: Numbering)?
    var stamps = true
    /// Between T2 and T3, milliseconds.
    var stay = 0.05
}

/// What really happened to the measured packets of one stream.
struct Truth {
    var forwardLost: Set<Int> = []
    var reverseLost: Set<Int> = []
    var forwardReordered = 0
    var reverseReordered = 0
    var forwardDuplicates = 0
    var reverseDuplicates = 0
    /// One-way delays of the packets answered, nanoseconds, by packet.
    var forwardDelay: [Int: Double] = [:]
    var reverseDelay: [Int: Double] = [:]
}

/// A path of known behaviour that turns into what a probe would observe of it.
struct SimulatedPath {
    var seed: UInt64 = 1
    var streams = 1
    var interval = 0.02
    var leadIn = 10
    var measured = 3000
    var tail = 25
    var forward = SimulatedDirection()
    var reverse = SimulatedDirection()
    var clock = SimulatedClock()
    var reflector = SimulatedReflector()
    var replyTimeout = Nanoseconds.seconds(3)

    /// The first packet leaves now.
    static let start = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000)

    struct Run {
        var observations: [StreamObservation]
        var truths: [Truth]
    }

    func run() -> Run {
        var random = SeededRandom(seed: seed)
        var result = Run(observations: [], truths: [])
        for stream in 0..<streams {
            var journey = Journey(path: self, phase: interval * Double(stream) / Double(streams), random: random)
            let (observation, truth) = journey.travel()
            random = journey.random
            result.observations.append(observation)
            result.truths.append(truth)
        }
        return result
    }
}

/// One stream's packets on their way. Times in seconds of the run.
private struct Journey {
    struct Flight {
        var sequence: Int
        var sentAt: Double
        var arrivesAt: Double
        var isCopy: Bool
        var number: UInt32?
        var far: FarTimestamps?
        var cameForward = 0.0
    }

    var path: SimulatedPath
    var phase: Double
    var random: SeededRandom
    private var count: Int { path.leadIn + path.measured + path.tail }
    private var measured: Range<Int> { path.leadIn..<(path.leadIn + path.measured) }

    init(path: SimulatedPath, phase: Double, random: SeededRandom) {
        self.path = path
        self.phase = phase
        self.random = random
    }

    mutating func travel() -> (StreamObservation, Truth) {
        var truth = Truth()
        let requests = (0..<count).map { sequence in
            let sentAt = phase + path.interval * Double(sequence)
            return Flight(sequence: sequence, sentAt: sentAt, arrivesAt: sentAt, isCopy: false)
        }
        let atFarEnd = cross(requests, path.forward)
        let replies = reflect(atFarEnd)
        let home = cross(replies, path.reverse)
        let arrivedForward = Set(atFarEnd.map(\.sequence))
        let arrivedHome = Set(home.map(\.sequence))
        truth.forwardLost = Set(measured).subtracting(arrivedForward)
        truth.reverseLost = Set(measured).intersection(arrivedForward).subtracting(arrivedHome)
        truth.forwardReordered = reordered(atFarEnd.filter { !$0.isCopy }, by: \.sentAt)
        truth.reverseReordered = reordered(home.filter { !$0.isCopy }, by: \.sentAt)
        truth.forwardDuplicates = atFarEnd.filter { $0.isCopy && measured.contains($0.sequence) }.count
        truth.reverseDuplicates = home.filter { $0.isCopy && measured.contains($0.sequence) }.count
        for flight in home where truth.forwardDelay[flight.sequence] == nil {
            truth.forwardDelay[flight.sequence] = flight.cameForward * 1e9
            truth.reverseDelay[flight.sequence] = (flight.arrivesAt - flight.sentAt) * 1e9
        }
        return (observation(home), truth)
    }

    /// In the order of arrival.
    private mutating func cross(_ flights: [Flight], _ direction: SimulatedDirection) -> [Flight] {
        var arrived: [Flight] = []
        var isBad = false
        var lastArrival = 0.0
        for flight in flights {
            if loses(flight, direction.loss, &isBad) { continue }
            var copy = flight
            copy.isCopy = false
            copy.sentAt = flight.arrivesAt
            var delay = direction.delay + random.exponential(mean: direction.queueing)
            for change in direction.routeChanges where flight.arrivesAt >= change.at { delay += change.by }
            copy.arrivesAt = flight.arrivesAt + delay / 1e3
            if random.chance(direction.detoured) {
                copy.arrivesAt += direction.detour / 1e3
            } else {
                copy.arrivesAt = max(copy.arrivesAt, lastArrival + 1e-6)
                lastArrival = copy.arrivesAt
            }
            arrived.append(copy)
            if random.chance(direction.duplicated) {
                copy.isCopy = true
                copy.arrivesAt += 0.0002
                arrived.append(copy)
            }
        }
        return arrived.sorted { $0.arrivesAt < $1.arrivesAt }
    }

    private mutating func loses(_ flight: Flight, _ loss: SimulatedDirection.Loss, _ isBad: inout Bool) -> Bool {
        switch loss {
        case .random(let probability): return random.chance(probability)
        case .packets(let lost): return lost.contains(flight.sequence)
        case .bursts(let enter, let leave):
            isBad = isBad ? !random.chance(leave) : random.chance(enter)
            return isBad
        }
    }

    /// In the order in which the replies leave.
    private func reflect(_ requests: [Flight]) -> [Flight] {
        var numbering = path.reflector.numbering
        var restart = path.reflector.restart
        return requests.map { request in
            if let again = restart, request.arrivesAt >= again.at {
                numbering = again.numbering
                restart = nil
            }
            let leaves = request.arrivesAt + path.reflector.stay / 1e3
            var reply = request
            reply.cameForward = request.arrivesAt - request.sentAt
            reply.far =
                path.reflector.stamps
                ? FarTimestamps(receivedAt: farTime(request.arrivesAt), sentAt: farTime(leaves)) : nil
            switch numbering {
            case .none: reply.number = nil
            case .copying: reply.number = UInt32(request.sequence)
            case .counting(let next):
                reply.number = next
                numbering = .counting(from: next &+ 1)
            }
            reply.arrivesAt = leaves
            return reply
        }
    }

    private func local(_ seconds: Double) -> WallInstant {
        SimulatedPath.start + Nanoseconds(rounding: seconds * 1e9)
    }

    private func farTime(_ seconds: Double) -> WallInstant {
        local(seconds) + Nanoseconds(rounding: path.clock.offset(at: seconds))
    }

    private func observation(_ home: [Flight]) -> StreamObservation {
        StreamObservation(
            interval: Nanoseconds(rounding: path.interval * 1e9),
            replyTimeout: path.replyTimeout,
            sent: (0..<count).map {
                SentPacket(sentAt: local(phase + path.interval * Double($0)), hasKernelTimestamp: true)
            },
            replies: home.map {
                ReceivedReply(
                    sequence: UInt32($0.sequence),
                    arrivedAt: local($0.arrivesAt),
                    hasKernelTimestamp: true,
                    far: $0.far,
                    reflectorSequence: $0.number
                )
            },
            measured: measured
        )
    }

    /// Packets that arrive after one that left later.
    private func reordered(_ flights: [Flight], by departure: KeyPath<Flight, Double>) -> Int {
        var count = 0
        var latest = -1.0
        for flight in flights {
            if flight[keyPath: departure] < latest {
                if measured.contains(flight.sequence) { count += 1 }
            } else {
                latest = flight[keyPath: departure]
            }
        }
        return count
    }
}
