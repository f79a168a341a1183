import CollectorPages
import CollectorRequests
import CollectorStore
import HTTPTypes
import Hummingbird
import Units

/// What needs no credentials: the login, assets, health, the API's description.
struct PublicHandler: Sendable {
    let reading: ReadHandler
    let readers: ReaderAccess
    let version: String

    func answer(
        _ route: Route,
        _ request: Request,
        _ context: CollectorContext,
        _ client: Client,
        _ target: RequestTarget
    ) async throws -> Response {
        switch route {
        case .openAPI: return .octets(Array(OpenAPIDocument.text(version: version).utf8), type: "application/json")
        case .live: return .json(["status": "ok"])
        case .ready:
            try await reading.store.check()
            return .json(["status": "ok"])
        case .asset(let name): return try asset(name)
        case .login where request.method == .post: return try await logIn(request, context, client)
        case .login:
            let next = try QueryReader(target, known: ["next"]).text("next")
            return page(LoginView.Model(version: version, next: next.flatMap(Self.local)), .ok)
        case .logout: return try await logOut(request, context, client)
        default: throw Problem.notFound("nothing is here")
        }
    }

    /// Its name changes with what is in it.
    private func asset(_ name: String) throws -> Response {
        guard let asset = Assets.named(name) else { throw Problem.notFound("there is no asset '\(name)'") }
        var response = Response.octets(Array(asset.body.utf8), type: asset.contentType)
        response.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return response
    }

    // MARK: - Log-in

    private static let longestForm = 16_384

    private func form(_ request: Request, _ context: CollectorContext) async throws -> [String: String] {
        try ReaderAccess.requireSameOrigin(request)
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
        guard type == "application/x-www-form-urlencoded" || type.isEmpty else {
            throw Problem(
                .unsupportedMediaType,
                "Content-Type is '\(type)'; a form is application/x-www-form-urlencoded"
            )
        }
        let body = try await BodyReading.collect(request, context, limit: Self.longestForm, within: .seconds(10))
        guard let text = String(validating: body, as: UTF8.self), let fields = RequestTarget.fields(text) else {
            throw RequestRefusal(.body, "the form is not encoded as forms are")
        }
        return Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private func logIn(_ request: Request, _ context: CollectorContext, _ client: Client) async throws -> Response {
        let form = try await form(request, context)
        let next = form["next"].flatMap(Self.local)
        do {
            let name = form["name"] ?? ""
            guard let cookie = try await readers.logIn(name: name, token: form["password"] ?? "", client) else {
                let failure = "Name and password do not go together."
                return page(LoginView.Model(version: version, next: next, failure: failure), .unauthorized)
            }
            var response = Response.redirect(to: next ?? "/")
            response.headers[.setCookie] = cookie
            return response
        } catch let problem as Problem where problem.status == .tooManyRequests {
            let failure = "Too many attempts from this address. Try again in a minute."
            var response = page(LoginView.Model(version: version, next: next, failure: failure), problem.status)
            response.headers.append(contentsOf: problem.headers)
            return response
        }
    }

    private func logOut(_ request: Request, _ context: CollectorContext, _ client: Client) async throws -> Response {
        _ = try await form(request, context)
        var response = Response.redirect(to: "/login")
        response.headers[.setCookie] = readers.logOut(client)
        return response
    }

    private func page(_ model: LoginView.Model, _ status: HTTPResponse.Status) -> Response {
        .html(LoginView.render(model), status: status)
    }

    /// An address of this collector, so that a login sends nobody elsewhere.
    static func local(_ path: String) -> String? {
        let isPath = path.hasPrefix("/") && !path.hasPrefix("//")
        // Browsers take a backslash for a slash, and drop what controls.
        return isPath && path.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") } ? path : nil
    }
}
