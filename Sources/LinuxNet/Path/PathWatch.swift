import CLinux
import Glibc
import Readiness
import Synchronization
import Units
import Wire

/// Watches this host's links while a check runs, on a thread of its own that gives way to all others: Wi-Fi once a
/// second, LLDP as it comes, interface counters at the start and at the end.
public final class PathWatch: Sendable {
    private struct State {
        var wireless: [String: WirelessEvidence] = [:]
        var neighbours: [String: SwitchNeighbour] = [:]
        var unread: [UnreadFact] = []
    }

    private let state = Mutex(State())
    private let before: [String: LinkCounters]
    private let clock = SystemClock()
    private let startedAt: MonotonicInstant
    private let thread = Mutex<WorkerThread?>(nil)
    private let stopping = StopFlag()

    private static let interval = Nanoseconds.seconds(1)

    /// Begins to watch.
    ///
    /// - Throws: ``SystemError`` where there can be no thread.
    public init() throws(SystemError) {
        before = Self.counters()
        startedAt = clock.monotonic()
        let started = try WorkerThread(name: "link-watch", scheduling: .background) { [self] in run() }
        thread.withLock { $0 = started }
    }

    /// Ends the watch and adds what it saw to what was known before.
    public func finish(_ evidence: PathEvidence) -> PathEvidence {
        stopping.set()
        thread.withLock { $0.take() }?.join()
        let after = Self.counters()
        var evidence = evidence
        evidence.links = evidence.links.map { link in
            var link = link
            if let now = after[link.interface], let then = before[link.interface] {
                link.during = LinkGrowth(now.since(then))
            }
            return link
        }
        state.withLock { seen in
            evidence.wireless = seen.wireless.values.sorted { $0.interface < $1.interface }
            evidence.neighbours = seen.neighbours.values.sorted { $0.interface < $1.interface }
            evidence.unread += seen.unread
            if seen.neighbours.isEmpty, !seen.unread.contains(where: { $0.fact == "lldp" }) {
                let length = clock.monotonic() - startedAt
                let reason = "no switch spoke within \(Int(length.seconds.rounded())) s (most do every 30 s)"
                evidence.unread.append(UnreadFact(fact: "lldp", reason: reason))
            }
        }
        return evidence
    }

    private static func counters() -> [String: LinkCounters] {
        guard let links = try? readLinks() else { return [:] }
        return Dictionary(links.compactMap { link in link.counters.map { (link.name, $0) } }) { $1 }
    }

    private static func readLinks() throws(SystemError) -> [LinkMessage] {
        var socket = try NetlinkSocket(.route)
        return try socket.values(LinkMessage.dump(), "list links", LinkMessage.init)
    }

    // MARK: On the thread

    private func run() {
        let links = (try? Self.readLinks()) ?? []
        let names = Dictionary(links.map { ($0.index, $0.name) }) { $1 }
        var wireless = openWireless()
        var switches = openSwitches(links.filter { $0.isUp && $0.hardwareType == 1 }.map(\.index))
        var due = startedAt
        repeat {
            if let error = sample(&wireless) {
                wireless = nil
                note("wifi", error)
            }
            hear(&switches, names)
            due = max(due + Self.interval, clock.monotonic())
        } while !stopping.wait(until: due)
        hear(&switches, names)
        noteRefusals(wireless?.refusals ?? [:], "nl80211")
        noteRefusals(switches?.refusals ?? [:], "lldp")
    }

    private func noteRefusals<Refusal: RawRepresentable<String>>(_ counts: [Refusal: Int], _ source: String) {
        guard let fact = UnreadFact(refused: counts, by: source) else { return }
        state.withLock { $0.unread.append(fact) }
    }

    private func openWireless() -> WirelessReader? {
        do throws(SystemError) {
            return try WirelessReader()
        } catch {
            note("wifi", error.errno == ENOENT ? "this kernel has no Wi-Fi" : SystemError.reason(error.errno))
            return nil
        }
    }

    private func openSwitches(_ interfaces: [Int32]) -> SwitchListener? {
        do throws(SystemError) {
            return try SwitchListener(interfaces: interfaces)
        } catch {
            note("lldp", error.errno == EPERM ? "needs CAP_NET_RAW" : SystemError.reason(error.errno))
            return nil
        }
    }

    private func note(_ fact: String, _ reason: String) {
        state.withLock { $0.unread.append(UnreadFact(fact: fact, reason: reason)) }
    }

    /// - Returns: why there will be no further samples; nil where there will be.
    private func sample(_ reader: inout WirelessReader?) -> String? {
        do throws(SystemError) {
            let found = try reader?.samples(at: clock.wall()) ?? []
            state.withLock { state in
                for (name, sample) in found {
                    state.wireless[name, default: WirelessEvidence(interface: name)].append(sample)
                }
            }
            return nil
        } catch {
            return SystemError.reason(error.errno)
        }
    }

    private func hear(_ listener: inout SwitchListener?, _ names: [Int32: String]) {
        let found = listener?.next() ?? []
        guard !found.isEmpty else { return }
        state.withLock { state in
            for (index, frame) in found {
                guard let name = names[index], frame.timeToLive > 0 else { continue }
                state.neighbours[name] = SwitchNeighbour(interface: name, frame)
            }
        }
    }
}

extension SwitchNeighbour {
    init(interface: String, _ frame: LinkDiscoveryFrame) {
        self.init(
            interface: interface,
            name: frame.systemName,
            chassis: frame.chassis,
            port: frame.port,
            portDescription: frame.portDescription,
            vlan: frame.portVLAN
        )
    }
}

extension LinkGrowth {
    init(_ counters: LinkCounters) {
        self.init(
            receivedPackets: Int(clamping: counters.receivedPackets),
            sentPackets: Int(clamping: counters.sentPackets),
            receiveErrors: Int(clamping: counters.receiveErrors),
            transmitErrors: Int(clamping: counters.transmitErrors),
            checksumErrors: Int(clamping: counters.checksumErrors),
            receiveDrops: Int(clamping: counters.receiveDrops),
            transmitDrops: Int(clamping: counters.transmitDrops),
            collisions: Int(clamping: counters.collisions)
        )
    }
}
