import CCurl
import Foundation
import Settings
import Synchronization
import Units

/// Sends requests by libcurl, and can be stopped at once in the middle of one.
///
/// All of Linecheck's dealings with libcurl are in this file. One thread sends and waits; any thread may call ``wake()``
/// and ``stop()``.
///
/// `@unchecked Sendable`: `multi` never changes and lives as long as this object. Of what other threads call,
/// `curl_multi_wakeup` is documented to be safe at any time, and `isStopped` is atomic; everything else is called by the
/// one sending thread only.
final class CurlTransport: HTTPTransport, @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    private let isStopped = Atomic(false)

    /// A collector's answer is small; what is longer is cut off and counts as none.
    static let longestAnswer = 4 << 20

    /// Done once, before any thread can have begun to use the library.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() {
        precondition(Self.isReady, "libcurl cannot be initialised")
        guard let multi = curl_multi_init() else { preconditionFailure("out of memory") }
        self.multi = multi
    }

    deinit { curl_multi_cleanup(multi) }

    // MARK: - Any thread

    /// Ends a wait.
    func wake() { curl_multi_wakeup(multi) }

    /// Ends a wait and a transfer, and every later one.
    func stop() {
        isStopped.store(true, ordering: .sequentiallyConsistent)
        curl_multi_wakeup(multi)
    }

    var hasStopped: Bool { isStopped.load(ordering: .sequentiallyConsistent) }

    // MARK: - The sending thread

    /// Waits until `duration` has passed or somebody calls; a call made since the last wait counts as well.
    func wait(_ duration: Nanoseconds) {
        guard !hasStopped else { return }
        let milliseconds = max(0, min((duration.count + 999_999) / 1_000_000, 60_000))
        curl_multi_poll(multi, nil, 0, CInt(milliseconds), nil)
    }

    func send(_ request: HTTPRequest) -> HTTPOutcome {
        guard let easy = curl_easy_init() else { return .notReached("out of memory") }
        defer { curl_easy_cleanup(easy) }
        let transfer = CurlTransfer(easy)
        transfer.prepare(request)
        curl_multi_add_handle(multi, easy)
        defer { curl_multi_remove_handle(multi, easy) }
        var running: CInt = 1
        while true {
            guard !hasStopped else { return .interrupted }
            let status = curl_multi_perform(multi, &running)
            guard status == CURLM_OK else { return .cut(String(cString: curl_multi_strerror(status))) }
            guard running > 0 else { break }
            curl_multi_poll(multi, nil, 0, 1_000, nil)
        }
        var left: CInt = 0
        var code = CURLE_OK
        while let message = curl_multi_info_read(multi, &left) {
            if message.pointee.msg == CURLMSG_DONE { code = message.pointee.data.result }
        }
        return transfer.outcome(code)
    }
}

/// One request's handle and what it gathers. Lives on the sending thread for the length of one call.
private final class CurlTransfer {
    private let easy: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headers: UnsafeMutablePointer<curl_slist>?
    fileprivate var body: [UInt8] = []

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    private func set(_ option: CURLoption, _ value: Int) { CCurl_setopt_long(easy, option, value) }

    /// The library copies the text.
    private func set(_ option: CURLoption, _ value: String?) {
        guard let value else { return }
        _ = value.withCString { CCurl_setopt_string(easy, option, $0) }
    }

    func prepare(_ request: HTTPRequest) {
        set(CURLOPT_URL, request.url)
        // A redirect would take the token with it.
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROTOCOLS_STR, "https,http")
        set(CURLOPT_NOSIGNAL, 1)
        // A name that is being resolved does not hold up the end.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_ACCEPT_ENCODING, "")
        set(CURLOPT_TIMEOUT_MS, Int(request.timeout.count / 1_000_000))
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(request.timeout, .seconds(15)).count / 1_000_000))
        CCurl_setopt_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        prepare(headers: request.headers, body: request.body)
        prepare(request.connection)
        receive()
    }

    private func prepare(headers: [(name: String, value: String)], body: [UInt8]) {
        // Without `Expect`: a second's wait that saves nothing here.
        for (name, value) in headers + [("Expect", "")] {
            self.headers = curl_slist_append(self.headers, value.isEmpty ? "\(name):" : "\(name): \(value)")
        }
        CCurl_setopt_list(easy, CURLOPT_HTTPHEADER, self.headers)
        // To the server alone: nothing of it is in what a proxy is asked for a tunnel.
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        set(CURLOPT_POST, 1)
        CCurl_setopt_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        body.withUnsafeBytes { octets in
            _ = CCurl_setopt_pointer(
                easy,
                CURLOPT_COPYPOSTFIELDS,
                UnsafeMutableRawPointer(mutating: octets.baseAddress)
            )
        }
    }

    private func prepare(_ connection: HTTPConnection) {
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        set(CURLOPT_CAINFO, connection.caFile)
        set(CURLOPT_SSLCERT, connection.clientCertificate)
        set(CURLOPT_SSLKEY, connection.clientKey)
        // A key with a passphrase is refused; nobody is asked for one.
        if connection.clientKey != nil { set(CURLOPT_KEYPASSWD, "") }
        // The environment has no say.
        set(CURLOPT_PROXY, connection.proxy ?? "")
        set(CURLOPT_NOPROXY, "")
        guard let credentials = connection.proxyCredentials else { return }
        let parts = credentials.value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        set(CURLOPT_PROXYUSERNAME, String(parts[0]))
        set(CURLOPT_PROXYPASSWORD, parts.count > 1 ? String(parts[1]) : "")
        set(CURLOPT_PROXYAUTH, CCurl_auth_basic | CCurl_auth_digest)
    }

    private func receive() {
        CCurl_setopt_pointer(easy, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
        CCurl_setopt_data_callback(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
            guard let data, let context else { return 0 }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            let octets = UnsafeRawBufferPointer(start: data, count: size * count)
            guard transfer.body.count + octets.count <= CurlTransport.longestAnswer else { return 0 }
            transfer.body.append(contentsOf: octets)
            return octets.count
        }
    }

    // MARK: - What came of it

    func outcome(_ code: CURLcode) -> HTTPOutcome {
        guard code == CURLE_OK else {
            let said = String(cString: errorText)
            let reason = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
            // Set as soon as a connection is ready for the request.
            var ready: curl_off_t = 0
            CCurl_getinfo_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &ready)
            return ready > 0 ? .cut(reason) : .notReached(reason)
        }
        var status = 0
        CCurl_getinfo_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return .answered(
            HTTPResponse(status: status, retryAfter: header("Retry-After"), location: header("Location"), body: body)
        )
    }

    private func header(_ name: String) -> String? {
        var found: UnsafeMutablePointer<curl_header>?
        guard curl_easy_header(easy, name, 0, UInt32(CURLH_HEADER), -1, &found) == CURLHE_OK, let found else {
            return nil
        }
        return String(cString: found.pointee.value)
    }
}
