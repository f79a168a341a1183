import HTTPTypes
import LinuxNet
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOPosix
import Units

/// A collector on loopback.
struct LoadTarget: Hashable, Sendable {
    var host: String
    var port: Int

    /// Nothing but loopback: a load is for one's own collector.
    init?(_ url: String) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst("http://".count).prefix { $0 != "/" }
        let parts = rest.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]), let address = try? IPPrefix(String(parts[0])),
            address.address.isLoopback
        else { return nil }
        host = String(parts[0])
        self.port = port
    }
}

struct LoadAnswer: Sendable {
    var status: Int
    var body: [UInt8]
    var took: Nanoseconds
}

/// One connection, one request at a time.
final class LoadConnection {
    private typealias Channel = NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart>

    private let target: LoadTarget
    private let outbound: NIOAsyncChannelOutboundWriter<HTTPRequestPart>
    private var inbound: NIOAsyncChannelInboundStream<HTTPResponsePart>.AsyncIterator

    private init(
        _ target: LoadTarget,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPRequestPart>,
        _ inbound: NIOAsyncChannelInboundStream<HTTPResponsePart>
    ) {
        self.target = target
        self.outbound = outbound
        self.inbound = inbound.makeAsyncIterator()
    }

    static func open(_ target: LoadTarget, _ body: (LoadConnection) async throws -> Void) async throws {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.socketOption(.tcp_nodelay), value: 1)
        let channel = try await bootstrap.connect(host: target.host, port: target.port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPClientCodec())
                return try Channel(wrappingChannelSynchronously: channel)
            }
        }
        try await channel.executeThenClose { inbound, outbound in
            try await body(LoadConnection(target, outbound, inbound))
        }
    }

    func post(_ batch: LoadBatch) async throws -> LoadAnswer {
        let fields: HTTPFields = [
            .authorization: "Bearer \(batch.site.token)", .contentType: "application/json", .contentEncoding: "gzip",
            .contentLength: "\(batch.body.count)",
        ]
        return try await exchange(.post, "/v1/results", fields, ByteBuffer(bytes: batch.body))
    }

    func get(_ path: String) async throws -> LoadAnswer { try await exchange(.get, path, [:], nil) }

    private func exchange(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: HTTPFields,
        _ body: ByteBuffer?
    ) async throws -> LoadAnswer {
        let start = SystemClock().monotonic()
        let head = HTTPRequest(
            method: method,
            scheme: "http",
            authority: "\(target.host):\(target.port)",
            path: path,
            headerFields: fields
        )
        try await outbound.write(contentsOf: [.head(head)] + (body.map { [.body($0)] } ?? []) + [.end(nil)])
        var (status, octets): (Int, [UInt8]) = (0, [])
        while let part = try await inbound.next() {
            switch part {
            case .head(let response): status = response.status.code
            case .body(var buffer): octets += buffer.readBytes(length: buffer.readableBytes) ?? []
            case .end: return LoadAnswer(status: status, body: octets, took: SystemClock().monotonic() - start)
            }
        }
        throw LoadCut()
    }
}

/// The collector went away before it had answered.
struct LoadCut: Error {}
