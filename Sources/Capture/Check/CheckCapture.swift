import Glibc
import LinuxNet
import Synchronization
import Units

/// Captures a check's own packets on one interface, on a thread of its own, from now until ``finish()``.
///
/// `@unchecked Sendable` is sound because source and log are touched by the capture's thread alone from its start to its
/// end, for which `finish` waits before it reads the log; the only thing shared in between is atomic.
public final class CheckCapture: @unchecked Sendable {
    private let source: PacketSource
    private let flows: [CapturedFlow?]
    private let table: FlowTable
    private let stopRequested = Atomic<Bool>(false)
    private var log: CaptureLog
    private var thread: WorkerThread?

    /// How long the thread may sleep before it sees that it should stop.
    private static let patience = Nanoseconds.milliseconds(50)

    /// - Parameter flows: by stream; nil for those whose route is by another interface.
    public init(interface: String, flows: [CapturedFlow?]) throws(CaptureFailure) {
        source = try PacketSource.live(interface, filter: .flows(flows.compactMap { $0 }), .ownPackets)
        self.flows = flows
        table = FlowTable(flows)
        log = CaptureLog(interface: interface)
        do throws(SystemError) {
            thread = try WorkerThread(name: "capture", scheduling: .ordinary) { [unowned(unsafe) self] in run() }
        } catch {
            throw .other("no thread for the capture: \(error)")
        }
    }

    deinit { stop() }

    private func stop() {
        stopRequested.store(true, ordering: .releasing)
        thread?.join()
    }

    /// Ends the capture; what came until now is in the log.
    public func finish() -> CaptureLog {
        stop()
        log.statistics = source.statistics
        return log
    }

    // MARK: - The capture's own thread

    private func run() {
        do throws(CaptureFailure) {
            while true {
                // Before the last look, so that nothing that came until then is missed.
                let isLast = stopRequested.load(ordering: .acquiring)
                if try source.next({ frame, instant in note(frame, at: instant) }) == .packet { continue }
                if isLast { return }
                source.wait(Self.patience)
            }
        } catch {
            log.failure = error
        }
    }

    private func note(_ frame: Span<UInt8>, at instant: WallInstant) {
        guard let packet = try? source.dissector.packet(in: frame), let match = table.match(packet),
            let flow = flows[match.stream]
        else { return }
        let number = flow.number(in: frame, payloadAt: packet.payloadOffset, isReply: match.isReply)
        log.records.append(
            CaptureLog.Record(
                at: instant,
                stream: UInt32(truncatingIfNeeded: match.stream),
                number: number ?? 0,
                trafficClass: packet.trafficClass,
                isReply: match.isReply,
                hasNumber: number != nil,
                isMasked: flow.numbering == .stun
            )
        )
    }
}
