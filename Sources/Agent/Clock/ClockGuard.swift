import Readiness
import Units

/// The time that the agent goes by: the wall clock, held against `CLOCK_BOOTTIME`, which counts sleep and which nobody
/// can set.
///
/// A wall clock that parts from it was set. It is not followed at once: the agent keeps the time that it had until the
/// kernel says that somebody keeps the clock synchronised, or, where nobody ever does, for ``patience``. A clock that
/// is set wrong and put right within that time moves no check. An advance that was followed though nobody vouched for
/// it stays in ``doubt`` for up to a day.
///
/// Pure: told the time by whoever asks.
public struct ClockGuard: Sendable {
    public enum Event: Hashable, Sendable {
        /// The host slept, in this time.
        case slept(Range<WallInstant>)
        /// The clock was set by so much, forward where above nought, and is not followed yet.
        case held(Nanoseconds)
        /// The clock shows again what it should.
        case cameBack
        /// The clock that was set by so much is followed from now on, at `now`.
        case followed(Nanoseconds, now: WallInstant, vouched: Bool)
        /// Nothing speaks against the clock any more.
        case settled
    }

    /// What survives a restart.
    public struct Memory: Codable, Hashable, Sendable {
        /// Which boot ``sinceBoot`` counts from.
        var boot: String
        /// Nanoseconds.
        var sinceBoot: Int64
        /// The time that the agent went by then, nanoseconds since 1970.
        var time: Int64
        /// Nanoseconds.
        var doubt: Int64
        /// Of ``time``: since when there is that doubt.
        var doubtedSince: Int64

        enum CodingKeys: String, CodingKey {
            case boot, time, doubt
            case sinceBoot = "since_boot"
            case doubtedSince = "doubted_since"
        }
    }

    /// By how much the clocks may part between two looks without anything having happened.
    public static let tolerance = Nanoseconds.seconds(2)
    /// Setting the clock takes the kernel's word for it back until a daemon gives it anew, and a witness speaks every
    /// 10 s: a word counts when the clock has stood so long.
    public static let settling = Nanoseconds.seconds(20)
    /// How long a clock that was set, and for which nobody vouches, is not followed.
    public static let patience = Nanoseconds.seconds(600)
    /// How long it is doubted whether time that nobody saw pass has passed.
    public static let longestDoubt = Nanoseconds.seconds(86_400)

    /// The time that the agent goes by.
    public private(set) var time: WallInstant
    /// So much of ``time`` may never have passed: advances of the clock for which nobody vouched.
    public private(set) var doubt = Nanoseconds.zero
    /// By how much the clock is off ``time`` that is not followed; nil where it is followed.
    public var heldStep: Nanoseconds? { held?.step }

    private let boot: String
    private var last: HostTime
    private var held: (step: Nanoseconds, since: Nanoseconds)?
    private var doubtedSince: WallInstant

    /// - Parameters:
    ///   - boot: what tells this boot of the host from others.
    ///   - memory: what was kept when the agent ran before.
    public init(boot: String, memory: Memory? = nil, now: HostTime) {
        self.boot = boot
        last = now
        time = now.wall
        doubtedSince = now.wall
        guard let memory else { return }
        let before = WallInstant(nanosecondsSinceUnixEpoch: memory.time)
        doubt = max(.zero, Nanoseconds(memory.doubt))
        doubtedSince = WallInstant(nanosecondsSinceUnixEpoch: memory.doubtedSince)
        let passed = now.sinceBoot - Nanoseconds(memory.sinceBoot)
        if memory.boot == boot, passed >= .zero {
            time = before + passed
        } else if now.wall < before {
            // Of a host without a battery for its clock: no less time has passed.
            time = before
        } else {
            doubt = doubt + (now.wall - before)
            doubtedSince = now.wall
        }
    }

    public var memory: Memory {
        Memory(
            boot: boot,
            sinceBoot: last.sinceBoot.count,
            time: time.nanosecondsSinceUnixEpoch,
            doubt: doubt.count,
            doubtedSince: doubtedSince.nanosecondsSinceUnixEpoch
        )
    }

    /// What the time is at least, whoever set the clock: what is over by then is over.
    public var certainTime: WallInstant { time - doubt }

    /// Goes on to `now`.
    ///
    /// - Parameter synchronized: whether the kernel says that somebody keeps the clock; asked only where it matters.
    public mutating func look(_ now: HostTime, synchronized: () -> Bool) -> [Event] {
        var events: [Event] = []
        let expected = time + max(.zero, now.sinceBoot - last.sinceBoot)
        if now.slept - last.slept > Self.tolerance { events.append(.slept(time..<max(time, expected))) }
        last = now
        let step = now.wall - expected
        if step.magnitude <= Self.tolerance {
            if held != nil { events.append(.cameBack) }
            held = nil
            time = now.wall
        } else {
            time = expected
            events += hold(step, now, synchronized)
        }
        return events + settle(synchronized)
    }

    private mutating func hold(_ step: Nanoseconds, _ now: HostTime, _ synchronized: () -> Bool) -> [Event] {
        guard let held, (held.step - step).magnitude <= Self.tolerance else {
            held = (step, now.sinceBoot)
            return [.held(step)]
        }
        let stood = now.sinceBoot - held.since
        guard stood >= Self.settling else { return [] }
        let isVouched = synchronized()
        guard isVouched || stood >= Self.patience else { return [] }
        self.held = nil
        time = now.wall
        if isVouched {
            doubt = .zero
        } else if step > .zero {
            doubt = doubt + step
            doubtedSince = time
        } else {
            doubt = max(.zero, doubt + step)
            doubtedSince = min(doubtedSince, time)
        }
        return [.followed(step, now: time, vouched: isVouched)]
    }

    private mutating func settle(_ synchronized: () -> Bool) -> [Event] {
        guard doubt > .zero, held == nil else { return [] }
        guard time - doubtedSince >= Self.longestDoubt || synchronized() else { return [] }
        doubt = .zero
        return [.settled]
    }
}

extension ClockGuard.Event: CustomStringConvertible {
    public var description: String {
        switch self {
        case .slept(let time): "the host slept for \((time.upperBound - time.lowerBound).inWholeSeconds)"
        case .held(let step):
            "the clock was set \(Self.text(step)): not followed until the kernel calls it synchronised, or for "
                + "\(ClockGuard.patience.text) where it never does"
        case .cameBack: "the clock was put right again, and nothing was done by what it showed meanwhile"
        case .followed(let step, let now, let isVouched):
            "the clock that was set \(Self.text(step)) is followed from now on, at \(now.rfc3339): "
                + (isVouched
                    ? "the kernel calls it synchronised"
                    : "nobody says that it is synchronised, but it has shown this for \(ClockGuard.patience.text)")
        case .settled: "nothing speaks against the clock any more"
        }
    }

    private static func text(_ step: Nanoseconds) -> String {
        "\(step < .zero ? "back" : "forward") by \(step.magnitude.inWholeSeconds)"
    }
}

extension Nanoseconds {
    fileprivate var inWholeSeconds: String { Nanoseconds.seconds(count / 1_000_000_000).text }
}
