import Agent
import LinuxNet
import ProbeCore
import Readiness
import Units
import Wire

/// What is asked once the measurement is over, with a few packets: why a port was silent, whether the other addresses
/// answer, what the translator does, and whether TCP would have worked. By target, in the order of the load's.
struct FollowUp {
    var diagnoses: [[UInt16: PortDiagnosis]]
    var addresses: [[AddressEvidence]]
    var alternates: [ServerEvidence.Alternate?]
    var fallbacks: [FallbackEvidence?]
    var behaviours: [NATEvidence.Behaviour?]

    /// Nothing but the addresses: after an interruption nobody wants to wait.
    init(_ load: Load) {
        diagnoses = load.targets.map { _ in [:] }
        addresses = load.targets.map { $0.addressEvidence }
        alternates = load.targets.map { _ in nil }
        fallbacks = load.targets.map { _ in nil }
        behaviours = load.targets.map { _ in nil }
    }

    static func run(
        _ settings: CheckSettings,
        _ load: Load,
        _ measurement: Measurement,
        _ errorEstimate: ErrorEstimate,
        _ progress: Progress
    ) throws -> FollowUp {
        var followUp = FollowUp(load)
        guard !measurement.wasInterrupted else { return followUp }
        let questions = FollowUpQuestions(settings: settings, load: load, measurement: measurement)
        if questions.takesTime { progress.start("asking a little more where answers were missing") }
        try followUp.ask(questions.series, errorEstimate)
        followUp.fallbacks = questions.fallbacks()
        followUp.behaviours = try questions.mappingBehaviours(errorEstimate)
        return followUp
    }

    /// Only why ports were silent: for a piece of a check that goes on. One whose questions cannot be asked has none.
    static func ofPorts(
        _ settings: CheckSettings,
        _ load: Load,
        _ measurement: Measurement,
        _ errorEstimate: ErrorEstimate
    ) -> FollowUp {
        var followUp = FollowUp(load)
        let questions = FollowUpQuestions(settings: settings, load: load, measurement: measurement)
        guard questions.takesTime else { return followUp }
        do {
            try followUp.ask(questions.portSeries, errorEstimate)
        } catch {
            Terminal.error("why ports are silent could not be asked: \(error)")
        }
        return followUp
    }

    private mutating func ask(_ all: [FollowUpSeries], _ errorEstimate: ErrorEstimate) throws {
        let outcomes = try ShortRun(streams: all.map(\.plan)).run(errorEstimate: errorEstimate)
        for (question, outcome) in zip(all, outcomes) {
            switch question.subject {
            case .port(let port, let kind):
                let series = PortDiagnosis.Series(
                    kind: kind,
                    dscp: question.plan.dscp,
                    payloadBytes: question.plan.probe.payloadLength,
                    sent: outcome.sent,
                    answered: outcome.answered
                )
                diagnoses[question.target][port, default: PortDiagnosis(series: [])].series.append(series)
            case .address(let index):
                addresses[question.target][index].answered = outcome.answered > 0
                addresses[question.target][index].roundTrip = outcome.medianRoundTrip
            case .alternate:
                alternates[question.target] = ServerEvidence.Alternate(
                    address: question.plan.destination.address.description,
                    port: question.plan.destination.port,
                    answered: outcome.answered > 0,
                    roundTrip: outcome.medianRoundTrip
                )
            }
        }
    }
}

extension Target {
    fileprivate var addressEvidence: [AddressEvidence] {
        addresses.map {
            AddressEvidence(
                address: $0.address.description,
                isMeasured: $0 == address,
                unreachable: unreachable[$0.address]
            )
        }
    }
}

/// One short series of probes, and what it is for.
struct FollowUpSeries {
    enum Subject: Hashable {
        case port(UInt16, PortDiagnosis.Kind)
        /// Another of the name's addresses, by its place.
        case address(Int)
        /// Whom the server redirects to.
        case alternate
    }

    var target: Int
    var subject: Subject
    var plan: StreamPlan
}
