import Units

/// Random scenarios by seed: every fault by itself and with others.
///
/// Some things no observer could tell apart; scenarios leave them out:
/// - Both directions changing their delay at one moment by as much in opposite ways is a clock step to all who look.
///   Route changes of the two directions are therefore of one sign where they coincide.
/// - A clock step that happens at the moment of a route change, an outage or a change of load, or near the ends of a
///   run, has nothing on one side to be compared with. Steps keep 3 s from all of these.
extension Scenario {
    public init(seed: UInt64) {
        var draw = ScenarioDraw(seed: seed)
        self = draw.scenario()
    }

    /// When what happens at a moment happens: what a step of a clock must keep away from.
    public var disturbances: [Nanoseconds] {
        links.flatMap { link in
            [link.routeChange?.at, link.outage?.from, link.outage?.to, link.loadJump?.from, link.loadJump?.to]
        }
        .compactMap(\.self) + [reflector.restart?.at].compactMap(\.self)
    }

    /// Nothing disturbs the path, and its queues are short.
    public var isCalm: Bool {
        links.allSatisfy { link in
            let isStill: Bool
            switch link.queueing {
            case .none: isStill = true
            case .exponential(let mean): isStill = mean <= 0.3
            default: isStill = false
            }
            return isStill && link.routeChange == nil && link.outage == nil && link.loadJump == nil
                && link.bottleneck == nil && link.loss.map { $0.ratio < 0.02 } ?? true
        }
    }
}

private struct ScenarioDraw {
    private let seed: UInt64
    private var random: SeededRandom
    private var isCalm = false
    private var duration = Nanoseconds.seconds(20)

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed ^ 0x5ce0_a110)
    }

    mutating func scenario() -> Scenario {
        duration = random.chance(0.12) ? .seconds(60) : .seconds(20)
        isCalm = random.chance(duration == .seconds(60) ? 0.6 : 0.2)
        var scenario = Scenario(seed: seed, forward: link(), reverse: link())
        scenario.duration = duration
        if !isCalm { addAbruptChanges(to: &scenario) }
        addReflector(to: &scenario)
        addClocks(to: &scenario)
        addUnseenBend(to: &scenario)
        addClaims(to: &scenario)
        if random.chance(0.1) { scenario.timestamps.localKernel = false }
        if !scenario.timestamps.localKernel { scenario.timestamps.processLatency = .microseconds(700) }
        addProbeFaults(to: &scenario)
        return scenario
    }

    /// True time within the run, `margin` seconds off its ends.
    private mutating func moment(margin: Double) -> Nanoseconds {
        .seconds(rounding: random.uniform(margin...(duration.seconds - margin)))
    }

    // MARK: The path

    private mutating func link() -> LinkFaults {
        var link = LinkFaults(baseDelay: .milliseconds(rounding: random.logUniform(0.1...90)))
        if isCalm {
            if random.chance(0.7) { link.queueing = .exponential(mean: random.logUniform(0.01...0.3)) }
            if random.chance(0.2) { link.loss = loss(upTo: 0.01) }
            return link
        }
        link.queueing = queueing()
        if random.chance(0.5) { link.loss = loss(upTo: 0.1) }
        if random.chance(0.2) {
            link.reordering = .init(
                share: random.logUniform(0.001...0.05),
                by: .milliseconds(rounding: random.logUniform(5...100))
            )
        }
        if random.chance(0.2) {
            link.duplication = .init(
                share: random.logUniform(0.001...0.05),
                by: .milliseconds(rounding: random.logUniform(0.05...40))
            )
        }
        if random.chance(0.15) {
            link.bottleneck = .init(
                bitsPerSecond: random.logUniform(400_000...100_000_000),
                longestQueue: .milliseconds(rounding: random.logUniform(20...200)),
                crossTraffic: .milliseconds(rounding: random.logUniform(0.05...5))
            )
        }
        return link
    }

    private mutating func queueing() -> LinkFaults.Queueing {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .none
        case 1: .uniform(upTo: random.logUniform(0.1...40))
        case 2: .logNormal(median: random.logUniform(0.05...8), sigma: random.uniform(0.2...1.2))
        case 3: .spikes(share: random.logUniform(0.001...0.1), upTo: random.logUniform(5...150))
        default: .exponential(mean: random.logUniform(0.02...15))
        }
    }

    private mutating func loss(upTo most: Double) -> LinkFaults.Loss {
        if random.chance(0.5) {
            let ratio = random.logUniform(0.0001...most)
            return .init(enterBad: 0, leaveBad: 1, lossInGood: ratio, lossInBad: 0)
        }
        return .init(
            enterBad: random.logUniform(0.0002...(most / 5)),
            leaveBad: random.uniform(0.1...0.7),
            lossInGood: random.chance(0.5) ? 0 : random.logUniform(0.0001...(most / 10)),
            lossInBad: random.uniform(0.3...1)
        )
    }

    private mutating func addAbruptChanges(to scenario: inout Scenario) {
        if random.chance(0.2) { addRouteChanges(to: &scenario) }
        if random.chance(0.1) {
            let from = moment(margin: 3)
            let outage = LinkFaults.Outage(from: from, to: from + .seconds(rounding: random.logUniform(0.1...2)))
            if random.chance(0.6) { scenario.forward.outage = outage }
            if random.chance(0.6) || scenario.forward.outage == nil { scenario.reverse.outage = outage }
        }
        if random.chance(0.15) {
            let from = moment(margin: 3)
            let jump = LinkFaults.LoadJump(
                from: from,
                to: from + .seconds(rounding: random.uniform(1...10)),
                meanMilliseconds: random.logUniform(1...20)
            )
            if random.chance(0.5) { scenario.forward.loadJump = jump } else { scenario.reverse.loadJump = jump }
        }
    }

    private mutating func addRouteChanges(to scenario: inout Scenario) {
        let at = moment(margin: 3)
        func changed(_ link: LinkFaults, by factor: Double) -> LinkFaults.RouteChange {
            .init(at: at, baseDelay: Nanoseconds(rounding: Double(link.baseDelay.count) * factor))
        }
        let isLonger = random.chance(0.5)
        let factors = (0..<2).map { _ in isLonger ? random.uniform(1.1...3) : random.uniform(0.3...0.9) }
        let which = Int.random(in: 0..<3, using: &random)
        if which != 1 { scenario.forward.routeChange = changed(scenario.forward, by: factors[0]) }
        if which != 0 { scenario.reverse.routeChange = changed(scenario.reverse, by: factors[1]) }
    }

    // MARK: The far end

    private mutating func addReflector(to scenario: inout Scenario) {
        if random.chance(0.15) { scenario.reflector.isStateless = true }
        if scenario.reflector.isStateless || random.chance(0.15) {
            let cuts: [ReflectorTraits.TLVs] = [.ignored, .cut(to: 44), .cut(to: 41)]
            scenario.reflector.tlvs = cuts[Int.random(in: 0..<3, using: &random)]
        }
        if random.chance(0.08) { scenario.reflector.hasClock = false }
        if random.chance(0.1) {
            scenario.reflector.restart = .init(
                at: moment(margin: 4),
                downtime: random.chance(0.5) ? .zero : .seconds(rounding: random.uniform(0...1))
            )
        }
        if random.chance(0.1) { scenario.reflector.losesSSIDAt = random.chance(0.5) ? .zero : moment(margin: 2) }
        if random.chance(0.1) { scenario.reflector.changesFormatAt = random.chance(0.5) ? .zero : moment(margin: 2) }
    }

    // MARK: Clocks

    private mutating func addClocks(to scenario: inout Scenario) {
        if random.chance(0.8) {
            let offset = random.signed(random.logUniform(0.001...(random.chance(0.9) ? 1_000 : 4e6)))
            scenario.farClock.offset = .milliseconds(rounding: offset)
        }
        if random.chance(0.5) {
            scenario.localClock.offset = .milliseconds(rounding: random.signed(random.logUniform(0.001...500)))
        }
        if random.chance(0.7) { scenario.farClock.skewPPM = random.signed(random.logUniform(0.01...100)) }
        if random.chance(0.2) { addSteps(to: &scenario) }
        if random.chance(0.1) {
            let at = moment(margin: 2)
            let by = Nanoseconds.milliseconds(rounding: random.signed(random.logUniform(1...2_000)))
            scenario.localClock.steps = [.init(at: at, by: by)]
        }
        if scenario.farClock.steps.isEmpty, random.chance(0.1) {
            let from = moment(margin: 2)
            scenario.farClock.slew = .init(
                from: from,
                to: from + .seconds(rounding: random.uniform(1...20)),
                partsPerMillion: random.signed(random.uniform(20...500))
            )
        }
    }

    /// A clock that strays by less than anybody looks for: slowly, or at once.
    private func addUnseenBend(to scenario: inout Scenario) {
        var random = SeededRandom(seed: seed ^ 0xbe4d)
        guard scenario.farClock.steps.isEmpty, scenario.farClock.slew == nil, random.chance(0.15) else { return }
        let from = Nanoseconds.seconds(rounding: random.uniform(0.3...(duration.seconds - 0.3)))
        let lasts = random.chance(0.5) ? 0.001 : random.uniform(1...10)
        let total = random.signed(random.uniform(50...450))
        scenario.farClock.slew = .init(
            from: from,
            to: from + .seconds(rounding: lasts),
            partsPerMillion: total / lasts
        )
    }

    /// What happens at this host, and a key: drawn apart, so that a seed's path does not depend on them.
    private func addProbeFaults(to scenario: inout Scenario) {
        var random = SeededRandom(seed: seed ^ 0xfa11)
        scenario.isAuthenticated =
            random.chance(0.2) && !scenario.reflector.isStateless && scenario.reflector.isModern
        for fault in [\ProbeFaults.busy, \ProbeFaults.interfaceDown] where !isCalm && random.chance(0.1) {
            let from = Nanoseconds.seconds(rounding: random.uniform(3...(duration.seconds - 4)))
            guard scenario.farClock.steps.allSatisfy({ ($0.at - from).magnitude >= .seconds(4) }) else { continue }
            let lasts = Nanoseconds.seconds(rounding: random.uniform(0.02...0.8))
            scenario.probe[keyPath: fault] = LinkFaults.Outage(from: from, to: from + lasts)
        }
    }

    private mutating func addSteps(to scenario: inout Scenario) {
        let least = max(5, 2 * scenario.links.map(\.queueingScale).reduce(0, +))
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let at = moment(margin: 3)
            let others = scenario.disturbances + scenario.farClock.steps.map(\.at)
            guard others.allSatisfy({ ($0 - at).magnitude >= .seconds(3) }) else { continue }
            let by = random.signed(random.logUniform(least...max(2_000, 2 * least)))
            scenario.farClock.steps.append(.init(at: at, by: .milliseconds(rounding: by)))
        }
        scenario.farClock.steps.sort { $0.at < $1.at }
    }

    private mutating func addClaims(to scenario: inout Scenario) {
        let end = duration + .seconds(5)
        let instants = (0...50).map { end / 50 * Int64($0) }
        let farWorst = instants.map { scenario.farClock.offset(at: $0).magnitude }.max() ?? .zero
        func right(_ worst: Nanoseconds, _ random: inout SeededRandom) -> Nanoseconds {
            Nanoseconds(rounding: Double(worst.count) * random.uniform(1.01...2)) + .microseconds(50)
        }
        func any(_ random: inout SeededRandom) -> Nanoseconds {
            .milliseconds(rounding: random.logUniform(0.05...200))
        }
        let localWorst = scenario.localClock.offset.magnitude
        switch Int.random(in: 0..<10, using: &random) {
        case 0...4:
            scenario.localClaim = right(localWorst, &random)
            scenario.farClaim = right(farWorst, &random)
        case 5...6:
            scenario.localClaim = any(&random)
            scenario.farClaim = any(&random)
        case 7: scenario.farClaim = any(&random)
        case 8: scenario.localClaim = right(localWorst, &random)
        default: break
        }
    }
}

extension LinkFaults {
    /// About how much the queues add, milliseconds.
    fileprivate var queueingScale: Double {
        let own: Double
        switch queueing {
        case .none: own = 0
        case .uniform(let longest): own = longest / 2
        case .exponential(let mean): own = mean
        case .logNormal(let median, _): own = median * 2
        case .spikes(_, let longest): own = longest / 10
        }
        return own + (bottleneck.map { $0.crossTraffic.milliseconds * 2 } ?? 0) + (loadJump?.meanMilliseconds ?? 0)
    }
}
