import CCurl
import Foundation
import Units

/// One GET by libcurl, whose answer may be no longer than was asked for.
///
/// The handle and its list are libcurl's own memory: they live from here to the end of the call, on one thread, and what
/// they told is copied out before they are freed. The object that gathers the answer outlives the transfer, so that the
/// unretained reference which the callback gets is sound.
final class CurlDownload {
    enum Answer: Hashable, Sendable {
        case body(Data, etag: String?, lastModified: String?)
        /// What was got before still holds.
        case notModified
        case failed(String)
    }

    struct Request: Sendable {
        var url: String
        var userAgent: String
        /// Of what was got before.
        var etag: String?
        var lastModified: String?
        /// Octets, after decompression.
        var longest: Int
        var timeout: Nanoseconds
    }

    private let request: Request
    private var body = Data()
    private var isTooLong = false

    private init(_ request: Request) { self.request = request }

    /// Blocks for the request's timeout at most.
    static func get(_ request: Request) -> Answer { CurlDownload(request).run() }

    private func run() -> Answer {
        guard let handle = curl_easy_init() else { return .failed("libcurl did not start") }
        defer { curl_easy_cleanup(handle) }
        let headers = conditions()
        defer { curl_slist_free_all(headers) }
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { message.deallocate() }
        CCurl_setopt_pointer(handle, CURLOPT_ERRORBUFFER, message)
        CCurl_setopt_list(handle, CURLOPT_HTTPHEADER, headers)
        prepare(handle)
        let code = curl_easy_perform(handle)
        guard !isTooLong, code != CURLE_FILESIZE_EXCEEDED else {
            return .failed("the answer is longer than \(request.longest) octets")
        }
        guard code == CURLE_OK else {
            let said = message.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: message)
            return .failed(code == CURLE_OPERATION_TIMEDOUT ? "no answer within \(request.timeout.text)" : said)
        }
        return answer(handle)
    }

    private func conditions() -> UnsafeMutablePointer<curl_slist>? {
        var headers = curl_slist_append(nil, "Accept: application/json")
        if let etag = request.etag { headers = curl_slist_append(headers, "If-None-Match: \(etag)") }
        if let date = request.lastModified { headers = curl_slist_append(headers, "If-Modified-Since: \(date)") }
        return headers
    }

    private func prepare(_ handle: UnsafeMutableRawPointer) {
        CCurl_setopt_string(handle, CURLOPT_URL, request.url)
        CCurl_setopt_string(handle, CURLOPT_USERAGENT, request.userAgent)
        CCurl_setopt_string(handle, CURLOPT_PROTOCOLS_STR, "https,http")
        CCurl_setopt_string(handle, CURLOPT_ACCEPT_ENCODING, "")
        let milliseconds = Int(max(1, request.timeout.count / 1_000_000))
        for (option, value) in [
            // A redirect could lead to one that is not encrypted, or elsewhere than the operator said.
            (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_NOSIGNAL, 1), (CURLOPT_MAXFILESIZE, request.longest),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_TIMEOUT_MS, milliseconds),
            (CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 5_000)),
        ] {
            CCurl_setopt_long(handle, option, value)
        }
        CCurl_setopt_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
        CCurl_setopt_data_callback(handle, CURLOPT_WRITEFUNCTION) { data, size, count, context in
            guard let data, let context else { return 0 }
            let download = Unmanaged<CurlDownload>.fromOpaque(context).takeUnretainedValue()
            return download.take(UnsafeRawBufferPointer(start: data, count: size * count))
        }
    }

    /// Fewer octets than there are end the transfer.
    private func take(_ octets: UnsafeRawBufferPointer) -> Int {
        guard body.count + octets.count <= request.longest else {
            isTooLong = true
            return 0
        }
        body.append(contentsOf: octets)
        return octets.count
    }

    private func answer(_ handle: UnsafeMutableRawPointer) -> Answer {
        var status = 0
        CCurl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
        switch status {
        case 200: return .body(body, etag: header("ETag", handle), lastModified: header("Last-Modified", handle))
        case 304: return .notModified
        default:
            let place = header("Location", handle).map { ", to \($0.prefix(200))" } ?? ""
            return .failed("it answers with HTTP status \(status)\(place)")
        }
    }

    /// Nil for what could not be sent back.
    private func header(_ name: String, _ handle: UnsafeMutableRawPointer) -> String? {
        var found: UnsafeMutablePointer<curl_header>?
        guard curl_easy_header(handle, name, 0, UInt32(CURLH_HEADER), -1, &found) == CURLHE_OK, let found else {
            return nil
        }
        let text = String(cString: found.pointee.value)
        return text.utf8.count <= 1_000 && text.utf8.allSatisfy { (0x20...0x7e).contains($0) } ? text : nil
    }
}
