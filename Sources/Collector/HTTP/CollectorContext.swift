import Hummingbird
import Logging
import NIOCore
import Synchronization
import Units

/// What belongs to one request beside what it says.
struct CollectorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Whether its body was read to the end.
    let body = BodyProgress()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The other end of the connection; loopback where it has no address, as with a socket in the file system.
    var peer: IPAddress {
        guard let text = channel.remoteAddress?.ipAddress, let prefix = try? IPPrefix(text) else { return .loopback }
        return prefix.address.unmapped
    }
}

final class BodyProgress: Sendable {
    private let done = Atomic(false)

    var isRead: Bool { done.load(ordering: .relaxed) }
    func finish() { done.store(true, ordering: .relaxed) }
}

extension IPAddress {
    /// The IPv4 address that `::ffff:a.b.c.d` stands for, as a socket for both families reports it.
    var unmapped: IPAddress {
        family == .ipv6 && high == 0 && low >> 32 == 0xffff ? IPAddress(ipv4: UInt32(truncatingIfNeeded: low)) : self
    }
}
