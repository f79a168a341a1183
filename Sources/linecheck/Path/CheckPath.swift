import LinuxNet
import Readiness
import Units

/// How media leaves this host, looked at before a run, watched during it, and put together after it.
struct CheckPath {
    private let before: PathEvidence
    private let watch: PathWatch?

    init(targets: [Target], settings: CheckSettings) {
        let survey = PathSurvey(
            destinations: targets.map(PathSurvey.Destination.init),
            ranges: settings.ranges,
            dscp: settings.dscp,
            environment: Environment.values
        )
        var evidence = survey.read()
        do throws(SystemError) {
            watch = try PathWatch()
        } catch {
            watch = nil
            evidence.unread.append(UnreadFact(fact: "links", reason: SystemError.reason(error.errno)))
        }
        before = evidence
    }

    /// Once, when the run has ended.
    func finish() -> PathEvidence { watch?.finish(before) ?? before }
}

extension PathSurvey.Destination {
    init(_ target: Target) {
        var address = target.address
        address.port = target.endpoint.ports.ports.first ?? address.port
        self.init(
            name: target.endpoint.description,
            host: target.endpoint.host,
            address: address,
            resolved: target.resolved
        )
    }
}
