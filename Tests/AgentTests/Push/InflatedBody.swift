import CZlib

/// DEFLATE without a wrapper, which the product never has to read.
enum InflatedBody {
    static func inflate(_ compressed: [UInt8], count: Int) -> [UInt8]? {
        var compressed = compressed
        var octets = [UInt8](repeating: 0, count: count + 1)
        return compressed.withUnsafeMutableBufferPointer { input in
            octets.withUnsafeMutableBufferPointer { output in
                var stream = z_stream()
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                let size = CInt(MemoryLayout<z_stream>.size)
                guard inflateInit2_(&stream, -15, ZLIB_VERSION, size) == Z_OK else { return nil }
                defer { inflateEnd(&stream) }
                guard CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END, stream.total_out == uLong(count) else {
                    return nil
                }
                return Array(output[..<count])
            }
        }
    }
}
