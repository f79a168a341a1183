import CCurl
import Readiness
import Units

/// One connection by libcurl that is closed as soon as it stands.
///
/// The handle and the lists are libcurl's own memory: they live from here to the end of the initializer, on one thread,
/// and what they told is copied out before they are freed.
struct CurlConnection {
    enum Kind {
        case tcp
        /// A certificate that is not vouched for, or is another host's, ends the handshake.
        case tls
        /// Whoever answers will do.
        case tlsWithAnyone
    }

    /// Of the server itself, the first of the chain.
    struct Certificate: Hashable {
        var subject: String?
        var issuer: String?
    }

    private let code: CURLcode
    private let detail: String
    private(set) var connectTime: Nanoseconds?
    private(set) var certificate = Certificate()

    /// - Parameter authorities: certificates to trust in the place of this host's, in PEM.
    init(_ probe: FallbackProbe, _ kind: Kind, authorities: [UInt8]? = nil) {
        guard let handle = curl_easy_init() else {
            code = CURLE_FAILED_INIT
            detail = "libcurl did not start"
            return
        }
        defer { curl_easy_cleanup(handle) }
        let host = probe.host.contains(":") ? "[\(probe.host)]" : probe.host
        let address = probe.address.family == .ipv6 ? "[\(probe.address)]" : "\(probe.address)"
        let route = curl_slist_append(nil, "\(host):\(probe.port):\(address):\(probe.port)")
        defer { curl_slist_free_all(route) }
        CCurl_setopt_string(handle, CURLOPT_URL, "\(kind == .tcp ? "http" : "https")://\(host):\(probe.port)/")
        CCurl_setopt_list(handle, CURLOPT_CONNECT_TO, route)
        CCurl_setopt_string(handle, CURLOPT_PROXY, "")
        let milliseconds = Int(max(1, probe.timeout.count / 1_000_000))
        for (option, value) in [
            (CURLOPT_CONNECT_ONLY, 1), (CURLOPT_CERTINFO, 1), (CURLOPT_NOSIGNAL, 1),
            (CURLOPT_CONNECTTIMEOUT_MS, milliseconds), (CURLOPT_TIMEOUT_MS, milliseconds),
            (CURLOPT_SSL_VERIFYPEER, kind == .tls ? 1 : 0),
            (CURLOPT_SSL_VERIFYHOST, kind == .tls && probe.hostIsName ? 2 : 0),
        ] {
            CCurl_setopt_long(handle, option, value)
        }
        if let authorities { Self.trust(authorities, handle) }
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { message.deallocate() }
        CCurl_setopt_pointer(handle, CURLOPT_ERRORBUFFER, message)
        code = curl_easy_perform(handle)
        detail = message.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: message)
        var microseconds: curl_off_t = 0
        CCurl_getinfo_offset(handle, CURLINFO_CONNECT_TIME_T, &microseconds)
        connectTime = microseconds > 0 ? .microseconds(Int64(microseconds)) : nil
        certificate = Self.certificate(of: handle)
    }

    /// The library copies them.
    private static func trust(_ authorities: [UInt8], _ handle: UnsafeMutableRawPointer) {
        CCurl_setopt_pointer(handle, CURLOPT_CAPATH, nil)
        authorities.withUnsafeBytes { octets in
            var blob = curl_blob(
                data: UnsafeMutableRawPointer(mutating: octets.baseAddress),
                len: octets.count,
                flags: UInt32(CURL_BLOB_COPY)
            )
            CCurl_setopt_pointer(handle, CURLOPT_CAINFO_BLOB, &blob)
        }
    }

    private static func certificate(of handle: UnsafeMutableRawPointer) -> Certificate {
        var certificate = Certificate()
        var chain: UnsafeMutablePointer<curl_certinfo>?
        CCurl_getinfo_pointer(handle, CURLINFO_CERTINFO, &chain)
        guard let chain, chain.pointee.num_of_certs > 0 else { return certificate }
        var next = chain.pointee.certinfo[0]
        while let entry = next {
            let line = entry.pointee.data.map { String(cString: $0) } ?? ""
            if let subject = line.value(of: "Subject") { certificate.subject = certificate.subject ?? subject }
            if let issuer = line.value(of: "Issuer") { certificate.issuer = certificate.issuer ?? issuer }
            next = entry.pointee.next
        }
        return certificate
    }

    var succeeded: Bool { code == CURLE_OK }

    /// The handshake failed for the certificate and for nothing else.
    var certificateIsRefused: Bool { code == CURLE_PEER_FAILED_VERIFICATION }

    var reason: String { code == CURLE_OPERATION_TIMEDOUT ? "timed out" : detail }

    var outcome: FallbackEvidence.Outcome {
        switch code {
        case CURLE_OK: return .connected
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_COULDNT_CONNECT: return .refused
        default: return .failed(reason: detail)
        }
    }
}

extension String {
    /// What stands behind `name:` where the line begins with it, fit for a report: at most 200 characters, none that
    /// control a terminal.
    fileprivate func value(of name: String) -> String? {
        guard hasPrefix(name + ":") else { return nil }
        let scalars = dropFirst(name.count + 1).unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: !scalar.properties.isBidiControl
            }
        }
        return String(String.UnicodeScalarView(scalars.prefix(200)))
    }
}
