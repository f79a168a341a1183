import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// Shows the latest metrics page on loopback, to whoever asks.
public final class MetricsServer: Sendable {
    private let page = Mutex("")
    private let server: HTTPServer
    private let task = Mutex<Task<Void, Never>?>(nil)

    public init(port: UInt16) throws {
        server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled)
    }

    /// - Parameter failed: called when the port cannot be had.
    public func start(failed: @escaping @Sendable (String) -> Void) {
        let running = Task { [self] in
            await server.appendRoute("GET /metrics") { _ in
                FlyingFox.HTTPResponse(
                    statusCode: .ok,
                    headers: [FlyingFox.HTTPHeader.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                    body: Data(self.page.withLock { $0 }.utf8)
                )
            }
            do {
                try await server.run()
            } catch is CancellationError {
            } catch {
                failed("\(error)")
            }
        }
        task.withLock { $0 = running }
    }

    public func show(_ text: String) { page.withLock { $0 = text } }

    public func stop() { task.withLock { $0?.cancel() } }
}
