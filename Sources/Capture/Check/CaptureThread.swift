import Glibc
import Synchronization

/// A thread for one capture, with no priority over those that measure.
///
/// `@unchecked Sendable` is sound because the handle is written once, before anybody else can see the object, and
/// `pthread_join` is called at most once, guarded by `joined`.
final class CaptureThread: @unchecked Sendable {
    private var handle = pthread_t()
    private let joined = Atomic<Bool>(false)

    private final class Start {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }

    nonisolated init(_ body: @escaping @Sendable () -> Void) throws(CaptureFailure) {
        let start = Unmanaged.passRetained(Start(body: body))
        let status = pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            start.toOpaque()
        )
        guard status == 0 else {
            start.release()
            throw .other("no thread for the capture: \(String(cString: strerror(status)))")
        }
    }

    /// Waits until the capture has ended.
    func join() {
        guard !joined.exchange(true, ordering: .acquiringAndReleasing) else { return }
        pthread_join(handle, nil)
    }
}
