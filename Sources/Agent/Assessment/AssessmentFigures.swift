import Foundation
import Readiness
import Results
import Units

/// What an assessment's checks come to at one moment.
struct AssessmentFigures {
    private struct Port: Hashable {
        var endpoint: String
        var number: UInt16
    }

    /// In the order of their slots.
    let checks: [CheckSummary]
    let tally: AssessmentTally
    /// Hours in which some port that was asked for had no conclusive check.
    let missedHours: [WallInstant]

    /// - Parameters:
    ///   - endpoints: what each schedule measures against, by its name.
    ///   - checks: those that count, in the order of their slots.
    init(hours: AssessmentHours, endpoints: [String: [Endpoint]], checks: [CheckSummary], now: WallInstant) {
        self.checks = checks
        var covered: [Int: Set<Port>] = [:]
        for check in checks {
            guard let index = hours.index(of: check.slotAt.instant) else { continue }
            covered[index, default: []].formUnion(Self.covered(by: check))
        }
        let ports = endpoints.mapValues { $0.flatMap(Self.ports) }
        var order: [Port] = []
        var asked: [Port: Int] = [:]
        var done: [Port: Int] = [:]
        var missed: [WallInstant] = []
        // An hour that is not over counts once it has a check.
        for (index, hour) in hours.hours.enumerated() where hour.end <= now || covered[index] != nil {
            var isMissed = false
            var seen: Set<Port> = []
            for port in hour.schedules.sorted().flatMap({ ports[$0] ?? [] }) where seen.insert(port).inserted {
                if asked[port] == nil { order.append(port) }
                asked[port, default: 0] += 1
                if covered[index]?.contains(port) ?? false { done[port, default: 0] += 1 } else { isMissed = true }
            }
            if isMissed { missed.append(hour.start) }
        }
        missedHours = missed
        tally = AssessmentTally(
            grades: checks.map(\.grade),
            planned: hours.plannedCount(through: now),
            ports: order.map {
                .init(
                    endpoint: $0.endpoint,
                    port: $0.number,
                    hoursAsked: asked[$0] ?? 0,
                    hoursCovered: done[$0] ?? 0
                )
            }
        )
    }

    private static func ports(of endpoint: Endpoint) -> [Port] {
        endpoint.ports.ports.map { Port(endpoint: endpoint.description, number: $0) }
    }

    /// An inconclusive check covers nothing.
    private static func covered(by check: CheckSummary) -> [Port] {
        check.endpoints.filter { $0.grade != .inconclusive }.flatMap { endpoint in
            endpoint.testedPorts.map { Port(endpoint: endpoint.endpoint, number: $0) }
        }
    }

    // MARK: What nothing can be said about

    func untested(_ plan: AssessmentPlan) -> [String] {
        [missingChecks, inconclusiveChecks].compactMap { $0 } + uncoveredPorts + unsettledCriteria
            + [otherHours(plan)]
    }

    private var missingChecks: String? {
        guard tally.missing > 0 else { return nil }
        let (missing, planned) = (NumberText.count(tally.missing), NumberText.count(tally.planned))
        return "\(missing) of the \(planned) checks that the schedules asked for were not made."
    }

    private var inconclusiveChecks: String? {
        guard tally.inconclusive > 0 else { return nil }
        let count = NumberText.count(tally.inconclusive)
        return "\(count) of the checks that were made were inconclusive: they cover no hour, and count as not having "
            + "met their targets."
    }

    private var uncoveredPorts: [String] {
        var endpoints: [String] = []
        var never: [String: [UInt16]] = [:]
        for port in tally.ports where port.hoursCovered == 0 {
            if never[port.endpoint] == nil { endpoints.append(port.endpoint) }
            never[port.endpoint, default: []].append(port.port)
        }
        return endpoints.map { endpoint in
            let ports = never[endpoint] ?? []
            let noun = ports.count == 1 ? "Port" : "Ports"
            return "\(noun) \(NumberText.ports(ports)) of \(endpoint) never had a conclusive check."
        }
    }

    private var unsettledCriteria: [String] {
        var order: [[String]] = []
        var settled: [[String]: Bool] = [:]
        for check in checks {
            for endpoint in check.endpoints {
                for criterion in endpoint.criteria {
                    let kind = [endpoint.endpoint, criterion.name]
                    if settled[kind] == nil { order.append(kind) }
                    settled[kind] = (settled[kind] ?? false) || criterion.grade != .inconclusive
                }
            }
        }
        return order.filter { settled[$0] == false }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }.map {
            "No check could settle \($0[1].replacing("_", with: " ")) to \($0[0])."
        }
    }

    private func otherHours(_ plan: AssessmentPlan) -> String {
        guard plan.hours != nil || plan.days != nil else {
            return "Hours in which the schedules ask for no check were not looked at."
        }
        let days = plan.days.map { $0.sorted().map(\.abbreviation).joined(separator: ", ") }
        let asked = [plan.hours?.description, days].compactMap { $0 }.joined(separator: " on ")
        return "Hours other than \(asked) (\(plan.timeZone.name)) were not looked at."
    }
}
