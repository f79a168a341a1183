import CollectorRequests
import CollectorStore
import HTTPTypes
import Results
import Units

/// The head of a request to the collector. An input is the target with its length (2) before it, then, each with its
/// length (1) before it, X-Forwarded-For, Client-Cert, a cookie and Authorization, then a host.
enum CollectorRequestEntry {
    private static let proxies = ["10.0.0.0/8", "2001:db8::/32"].compactMap { try? IPPrefix($0) }
    private static let peers = ["10.1.2.3", "203.0.113.5"].compactMap { try? IPPrefix($0).address }

    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let target = text(input.octets(Int(input.word())))
        if let read = RequestTarget(target) {
            try check(read)
            try query(read)
        }
        try forwarded(text(input.octets(Int(input.octet()))))
        try clientCertificate(text(input.octets(Int(input.octet()))))
        try cookie(text(input.octets(Int(input.octet()))))
        try bearer(text(input.octets(Int(input.octet()))))
        let host = text(input.remainder())
        if LocalName.isLocal(host) { try require(!host.isEmpty, "no name at all is not this host's") }
        try time(host)
    }

    private static func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

    // MARK: - Target and parameters

    private static func check(_ target: RequestTarget) throws(BrokenInvariant) {
        let path = "/" + target.segments.map { RequestTarget.encoded($0) }.joined(separator: "/")
        let query = target.query.map { "\(RequestTarget.encoded($0.name))=\(RequestTarget.encoded($0.value))" }
        let written = path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        try require(RequestTarget(written) == target, "a target is read as it is written")
    }

    private static func query(_ target: RequestTarget) throws(BrokenInvariant) {
        let known = ["q", "grade", "sort", "after", "limit", "from", "until", "range"]
        for isForm in [false, true] {
            do throws(RequestRefusal) {
                let reader = try QueryReader(target, known: known, isForm: isForm)
                let limit = try reader.count("limit", within: 1...1_000) ?? 1
                let (from, until) = try reader.period()
                var isInOrder = true
                if let from, let until { isInOrder = from <= until }
                guard (1...1_000).contains(limit), isInOrder else { throw RequestRefusal(.failure, "") }
                _ = (try reader.grades(), try reader.status(), try reader.text("q"), try reader.text("after"))
                _ = try reader.word("sort", FleetQuery.Order.self)
            } catch {
                try require(error.cause != .failure, "what is read lies within its bounds")
                try require([.parameter, .value].contains(error.cause), "a parameter or its value is refused")
                try require(!error.detail.isEmpty, "what is refused is refused for a reason")
            }
        }
    }

    private static func time(_ text: String) throws(BrokenInvariant) {
        guard let time = UTCTime(lenient: text) else { return }
        try require(UTCTime(lenient: time.text) == time, "a moment is read as it is written")
    }

    // MARK: - Headers

    private static func forwarded(_ value: String) throws(BrokenInvariant) {
        for peer in peers {
            let client = Client(peer: peer, tls: false, headers: [.xForwardedFor: value], proxies: proxies)
            let isProxy = proxies.contains { $0.contains(peer) }
            try require(client.isProxied == isProxy, "a proxy is who is configured as one")
            try require(client.isProxied || client.address == peer, "who is no proxy is not believed")
            let said = value.split(separator: ",").compactMap { try? IPPrefix(String($0.filter { $0 != " " })).address }
            try require(
                client.address == peer || said.contains(client.address),
                "an address is the peer's, or was said"
            )
        }
    }

    private static func clientCertificate(_ value: String) throws(BrokenInvariant) {
        do throws(RequestRefusal) {
            let octets = try ClientCertificateHeader.octets(value)
            let again = try ClientCertificateHeader.octets(ClientCertificateHeader.value(octets))
            guard octets == again, !octets.isEmpty else { throw RequestRefusal(.failure, "") }
        } catch {
            try require(error.cause == .clientCertificate, "a certificate is read as it is written, or refused as one")
        }
    }

    private static func cookie(_ value: String) throws(BrokenInvariant) {
        let now = WallInstant(nanosecondsSinceUnixEpoch: 1_795_500_000_000_000_000)
        guard let digest = SecretDigest(octets: [UInt8](repeating: 7, count: 32)) else { return }
        if let claim = Session.claim(value) {
            // Whoever is named: the key is not known to whoever wrote this.
            let reader = Reader(name: claim.reader, tokenDigest: digest, addedAt: UTCTime(now))
            try require(!Session.holds(value, for: reader, now: now), "a login that nobody signed does not hold")
            try require(Session.claim(claim.cookie(digest)) == claim, "a login is read as it is written")
        }
    }

    private static func bearer(_ value: String) throws(BrokenInvariant) {
        guard let token = Bearer.token([.authorization: value]) else { return }
        try require(!token.isEmpty && value.hasSuffix(token), "a token is what stands at the end")
    }
}
