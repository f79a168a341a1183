import Glibc
import ProbeCore
import Units

/// Errors of sending that say that this host's network was down, and not that the host was short of anything.
private let linkErrors: Set<Int32> = [ENETDOWN, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, ENODEV]

extension Reachability {
    /// What became of the probes of all streams to one port. Of several reasons the most frequent is named, and of
    /// equally frequent ones always the same.
    init(_ logs: [StreamLog], errorText: (Int32) -> String) {
        if logs.contains(where: { $0.answeredCount > 0 }) {
            self = .answered
        } else if logs.allSatisfy({ $0.sentCount == 0 }) {
            let reason = logs.map(\.sendFailures).summed().max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
            self = .notSent(reason: reason.map(errorText) ?? "this host was too busy")
        } else if let icmp = Self.mostFrequent(logs.map(\.unreachable).summed()) {
            self = .refused(
                source: icmp.source.description,
                byEndpoint: icmp.fromEndpoint && icmp.isPortUnreachable,
                reason: icmp.reason
            )
        } else {
            self = .silent
        }
    }

    private static func mostFrequent(_ errors: [StreamLog.Unreachable: Int]) -> StreamLog.Unreachable? {
        func rank(_ entry: (key: StreamLog.Unreachable, value: Int)) -> (Int, UInt8, UInt8, String) {
            (entry.value, entry.key.type, entry.key.code, entry.key.source.description)
        }
        return errors.max { rank($0) < rank($1) }?.key
    }
}

extension [StreamLog] {
    /// Packets that could not be sent because this host's own network was down or had no route, by reason.
    func linkFailures(errorText: (Int32) -> String) -> [String: Int] {
        let failures = map(\.sendFailures).summed().filter { linkErrors.contains($0.key) }
        return Dictionary(failures.map { (errorText($0.key), $0.value) }, uniquingKeysWith: +)
    }

    /// Sends that the kernel refused for want of something on this host.
    var sendsRefusedByHost: Int {
        reduce(0) { sum, log in
            sum + log.sendFailures.filter { !linkErrors.contains($0.key) }.values.reduce(0, +)
        }
    }
}
