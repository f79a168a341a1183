import CZlib

/// Reads gzip (RFC 1952) up to a length: a short body can stand for a very long one.
package enum GzipInflation {
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case notGzip
        /// It ends before its last member does.
        case cut
        /// There is more behind it than members of gzip.
        case trailing
        /// It stands for more octets than may be.
        case tooLong(limit: Int)

        package var description: String {
            switch self {
            case .notGzip: "not gzip, or damaged"
            case .cut: "gzip that ends early"
            case .trailing: "gzip with something else behind it"
            case .tooLong(let limit): "more than \(limit) octets once inflated"
            }
        }
    }

    /// - Parameter limit: octets of the result at most; never more than that and one buffer are held.
    package static func inflate(_ compressed: [UInt8], limit: Int) throws(Refusal) -> [UInt8] {
        var input = compressed
        let outcome: Result<[UInt8], Refusal> = input.withUnsafeMutableBufferPointer { input in
            var stream = z_stream()
            // zlib keeps the address of the stream, and both buffers' between calls. All three stay where they are
            // until these closures end, and none is used after that.
            return withUnsafeMutablePointer(to: &stream) { stream in
                do throws(Refusal) {
                    return .success(try inflate(stream, input, limit: limit))
                } catch {
                    return .failure(error)
                }
            }
        }
        return try outcome.get()
    }

    /// A header of gzip, and the greatest window.
    private static let gzipWindow: Int32 = 16 + 15
    private static let bufferLength = 65_536

    private static func inflate(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: UnsafeMutableBufferPointer<UInt8>,
        limit: Int
    ) throws(Refusal) -> [UInt8] {
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, gzipWindow, ZLIB_VERSION, size) == Z_OK else { throw .notGzip }
        defer { inflateEnd(stream) }
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = uInt(input.count)
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: bufferLength)
        while true {
            let before = stream.pointee.avail_in
            let (status, count) = buffer.withUnsafeMutableBufferPointer { buffer in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = uInt(buffer.count)
                let status = CZlib.inflate(stream, Z_NO_FLUSH)
                return (status, buffer.count - Int(stream.pointee.avail_out))
            }
            guard octets.count + count <= limit else { throw .tooLong(limit: limit) }
            octets += buffer[..<count]
            switch status {
            case Z_STREAM_END:
                guard stream.pointee.avail_in > 0 else { return octets }
                // Another member may follow, as RFC 1952 §2.2 has it.
                guard stream.pointee.next_in[0] == 0x1f, inflateReset(stream) == Z_OK else { throw .trailing }
            case Z_OK where count > 0 || stream.pointee.avail_in < before: continue
            case Z_OK, Z_BUF_ERROR: throw .cut
            default: throw .notGzip
            }
        }
    }
}
