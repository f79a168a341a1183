import CollectorRequests
import CollectorStore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Units

/// Answers every request: finds out who asks for what, lets the handler for it answer, and puts on each answer what
/// belongs on all of them.
struct CollectorResponder: HTTPResponder {
    let configuration: CollectorConfiguration
    let sites: SiteAccess
    let readers: ReaderAccess
    let ingest: [Route: IngestHandler]
    let reading: ReadHandler
    let pages: PageHandler
    let open: PublicHandler
    let metrics: CollectorMetrics

    func respond(to request: Request, context: CollectorContext) async throws -> Response {
        let client = Client(
            peer: context.peer,
            tls: configuration.tls != nil,
            headers: request.headers,
            proxies: configuration.proxies
        )
        let target = RequestTarget(request.head.path ?? "/")
        let route = target.flatMap { Route($0.segments) }
        var response: Response
        do {
            response = try await answer(request, context, client, target, route)
        } catch {
            let problem = problem(error, context)
            metrics.count(problem.cause)
            response = failure(problem, route, target, request.head.path ?? "/")
        }
        if request.method == .head { response = Self.headOnly(response) }
        SecurityHeaders.add(to: &response, isSecure: client.isSecure)
        closeUnlessRead(request, context, &response)
        metrics.count(route: route?.name ?? "none", status: response.status.code)
        return response
    }

    private func answer(
        _ request: Request,
        _ context: CollectorContext,
        _ client: Client,
        _ target: RequestTarget?,
        _ route: Route?
    ) async throws -> Response {
        try requireEncryption(client)
        guard let target else {
            throw RequestRefusal(.address, "the address is not percent-encoded UTF-8")
        }
        guard let route else {
            throw Problem.notFound("nothing has the address /\(target.segments.joined(separator: "/"))")
        }
        guard route.methods.contains(request.method) else {
            throw Problem.methodNotAllowed(request.method, allow: route.methods)
        }
        switch route.audience {
        case .anybody: return try await open.answer(route, request, context, client, target)
        case .sites:
            let site = try await sites.site(request, context, client)
            guard let handler = ingest[route] else { throw Problem.notFound("nothing is taken here") }
            return try await handler.respond(to: request, context, site: site)
        case .readers:
            let identity = try await readers.identity(request, client)
            return route.isPage
                ? try await pages.answer(route, target, as: identity) : try await reading.answer(route, target)
        }
    }

    /// Beyond loopback nothing is said in the clear but to a proxy that ends TLS.
    private func requireEncryption(_ client: Client) throws {
        guard configuration.tls == nil, !configuration.listen.isLoopback, !client.isProxied else { return }
        throw Problem(.forbidden, "\(client.peer) is none of the configured proxies, and this is in the clear")
    }

    // MARK: - Failures

    private func problem(_ error: any Error, _ context: CollectorContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let refusal as RequestRefusal: return Problem(refusal)
        case StoreError.badCursor(let cursor):
            return Problem(RequestRefusal(.cursor, "after: '\(cursor)' is not a cursor that a page gave"))
        case let error as StoreError:
            context.logger.error("the store: \(error)")
            return Problem(
                .serviceUnavailable,
                "the store cannot be used now; try again later",
                retryAfter: .seconds(10)
            )
        case is CancellationError:
            return Problem(.serviceUnavailable, "the collector is stopping", retryAfter: .seconds(5))
        default:
            context.logger.error("a request failed: \(error)")
            return Problem(.internalServerError, "the collector failed; its log says why")
        }
    }

    private func failure(_ problem: Problem, _ route: Route?, _ target: RequestTarget?, _ path: String) -> Response {
        guard let route, route.isPage else { return problem.response }
        return pages.failure(problem, target, path)
    }

    // MARK: - What every answer has

    /// The headers of an answer that is not sent whole; its length among them, unless it would be streamed.
    private static func headOnly(_ response: Response) -> Response {
        // A body without a length, for an empty one is 0 octets long; that it never ends is ``HeadAnswers``' doing.
        let body = ResponseBody { writer in
            let end = writer
            try await end.finish(nil)
        }
        return Response(status: response.status, headers: response.headers, body: body)
    }

    /// A client that still sends what nobody reads gets its answer, and then no more.
    private func closeUnlessRead(_ request: Request, _ context: CollectorContext, _ response: inout Response) {
        let hasBody = request.headers[.transferEncoding] != nil || (request.headers[.contentLength] ?? "0") != "0"
        guard hasBody, !context.body.isRead else { return }
        response.headers[.connection] = "close"
        let channel = context.channel
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
    }
}
