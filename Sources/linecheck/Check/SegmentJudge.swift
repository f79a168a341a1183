import Dispatch
import Foundation
import Readiness
import Results
import Synchronization
import Units

/// A segment with what was seen around it, ready to be judged.
struct ClosedSegment: Sendable {
    var number: Int
    var measurement: Measurement
    var path: PathEvidence?
    var clock: LocalClock
    /// How long it should have been: longer than it was where the run's end cut it short.
    var intended: Nanoseconds
    /// The streams go on after it, so that there is time to ask why a port was silent in it.
    var isFollowed = true
}

/// Judges segments one after the other on a thread of its own, so that the ring is emptied meanwhile.
final class SegmentJudge: Sendable {
    private struct Desk {
        var waiting: [ClosedSegment] = []
        var isClosed = false
        var worst: Grade?
    }

    /// Segments that may wait: judging one takes a small part of the time that the next one lasts, so that more than
    /// two mean a host that cannot keep up.
    private static let most = 4

    private let desk: Mutex<Desk>
    private let work = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    /// - Parameter judge: runs on the thread, for one segment at a time; gives its grade.
    init(_ judge: @escaping @Sendable (ClosedSegment) -> Grade?) {
        var desk = Desk()
        desk.waiting.reserveCapacity(Self.most)
        self.desk = Mutex(desk)
        let thread = Thread { [self] in
            while let segment = next() {
                guard let grade = judge(segment) else { continue }
                self.desk.withLock { $0.worst = max($0.worst ?? grade, grade) }
            }
            done.signal()
        }
        thread.name = "judge"
        thread.start()
    }

    /// - Returns: false where too many wait already; the segment is then not judged.
    func take(_ segment: ClosedSegment) -> Bool {
        let isTaken = desk.withLock { desk in
            guard desk.waiting.count < Self.most else { return false }
            desk.waiting.append(segment)
            return true
        }
        if isTaken { work.signal() }
        return isTaken
    }

    /// Waits until all that was taken is judged.
    ///
    /// - Returns: the worst grade; nil where nothing was judged.
    func finish() -> Grade? {
        desk.withLock { $0.isClosed = true }
        work.signal()
        done.wait()
        return desk.withLock(\.worst)
    }

    private func next() -> ClosedSegment? {
        while true {
            work.wait()
            let (segment, isClosed) = desk.withLock { desk in
                (desk.waiting.isEmpty ? nil : desk.waiting.removeFirst(), desk.isClosed)
            }
            if segment != nil || isClosed { return segment }
        }
    }
}
