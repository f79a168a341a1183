import CPcap
import Glibc
import Units

/// Captured frames from an interface or a file, one after another, by libpcap. Belongs to one thread at a time.
public final class PacketSource {
    public enum Event {
        case packet
        /// None is there now; for an interface only.
        case nothing
        /// The file has no more.
        case end
    }

    /// What the capture itself counted (pcap_stats(3)).
    public struct Statistics: Hashable, Sendable {
        /// Packets that passed the filter.
        public var received: Int
        /// For want of room in this process's buffer.
        public var dropped: Int
        /// By the interface or its driver.
        public var droppedByInterface: Int
    }

    /// How frames are taken from an interface.
    public struct LiveOptions: Sendable {
        /// Each frame at once, instead of many together: costs a wake-up a frame.
        public var isImmediate: Bool
        /// Also frames that are for others: on a mirror port.
        public var isPromiscuous: Bool
        /// Octets kept for frames until they are read.
        public var bufferSize: Int32

        /// Many packets, of which none should be missed.
        public static let audit = LiveOptions(isImmediate: false, isPromiscuous: true, bufferSize: 64 << 20)
        /// This host's own few, with the time at which each passed.
        public static let ownPackets = LiveOptions(isImmediate: true, isPromiscuous: false, bufferSize: 8 << 20)
    }

    /// Enough for the headers of every link type and IPv6 with extensions, and the start of the payload.
    private static let snapLength: Int32 = 256

    /// As the user wrote it: the interface or the file.
    public let name: String
    public let dissector: Dissector
    private let handle: OpaquePointer
    private let hasNanoseconds: Bool
    /// What a file is read into; nil for an interface. The stream within `handle` uses it to its end.
    private let buffer: UnsafeMutablePointer<CChar>?
    private var isFile: Bool { buffer != nil }

    /// Octets that are read from a file at once: with the 4 KiB of a stream's own buffer a third of the time would go
    /// into the system calls.
    private static let bufferLength = 1 << 20

    deinit {
        pcap_close(handle)
        buffer?.deallocate()
    }

    private init(
        name: String,
        handle: OpaquePointer,
        buffer: UnsafeMutablePointer<CChar>? = nil
    ) throws(CaptureFailure) {
        let number = pcap_datalink(handle)
        guard let type = LinkType(number: number) else {
            let known = pcap_datalink_val_to_name(number).map { String(cString: $0) } ?? "\(number)"
            pcap_close(handle)
            buffer?.deallocate()
            throw .unreadableLinkType(known, of: name)
        }
        self.name = name
        self.handle = handle
        self.buffer = buffer
        dissector = Dissector(type)
        hasNanoseconds = pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO
    }

    /// A pcap or pcapng file; `-` is standard input.
    public static func file(_ path: String) throws(CaptureFailure) -> PacketSource {
        guard let stream = path == "-" ? fdopen(STDIN_FILENO, "rb") : fopen(path, "rb") else {
            throw .badFile(path, reason: String(cString: strerror(errno)))
        }
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: bufferLength)
        setvbuf(stream, buffer, _IOFBF, bufferLength)
        var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
        // The handle closes the stream; without one it is still ours.
        guard let handle = pcap_fopen_offline_with_tstamp_precision(stream, precision, &reason) else {
            fclose(stream)
            buffer.deallocate()
            throw .badFile(path, reason: text(reason))
        }
        return try PacketSource(name: path, handle: handle, buffer: buffer)
    }

    /// An interface of this host, by its name; only CAP_NET_RAW is needed.
    ///
    /// - Parameter filter: what the kernel shall hand over, VLAN tags apart.
    public static func live(
        _ interface: String,
        filter: CaptureFilter,
        _ options: LiveOptions
    ) throws(CaptureFailure) -> PacketSource {
        var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = pcap_create(interface, &reason) else { throw .other(text(reason)) }
        pcap_set_snaplen(handle, snapLength)
        pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
        pcap_set_immediate_mode(handle, options.isImmediate ? 1 : 0)
        pcap_set_buffer_size(handle, options.bufferSize)
        pcap_set_timeout(handle, 100)
        pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        let status = pcap_activate(handle)
        // Above zero are warnings: of an interface that cannot be promiscuous, for one.
        guard status >= 0 else {
            let detail = String(cString: pcap_geterr(handle))
            pcap_close(handle)
            throw failure(status, interface, detail)
        }
        let source = try PacketSource(name: interface, handle: handle)
        try source.set(filter: filter.text(for: source.dissector.linkType))
        guard pcap_setnonblock(handle, 1, &reason) == 0 else { throw .other(text(reason)) }
        return source
    }

    private static func failure(_ status: Int32, _ interface: String, _ detail: String) -> CaptureFailure {
        switch status {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: .notPermitted(interface: interface)
        case PCAP_ERROR_NO_SUCH_DEVICE: .noInterface(interface)
        case PCAP_ERROR_IFACE_NOT_UP: .interfaceDown(interface)
        default: .other("packets on '\(interface)' cannot be captured: \(detail)")
        }
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func set(filter: String) throws(CaptureFailure) {
        var program = bpf_program()
        guard pcap_compile(handle, &program, filter, 1, 0xffff_ffff) == 0 else {
            throw .other("the capture filter '\(filter)' is refused: \(String(cString: pcap_geterr(handle)))")
        }
        defer { pcap_freecode(&program) }
        guard pcap_setfilter(handle, &program) == 0 else {
            throw .other("the capture filter cannot be set: \(String(cString: pcap_geterr(handle)))")
        }
    }

    /// Hands the next frame to `body`, as far as it was captured, with the time at which it passed; its wall clock is
    /// that of whoever captured.
    @inline(__always)
    public func next(_ body: (Span<UInt8>, WallInstant) -> Void) throws(CaptureFailure) -> Event {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var octets: UnsafePointer<UInt8>?
        let status = pcap_next_ex(handle, &header, &octets)
        if status == 1, let header, let octets {
            // Sound because libpcap keeps the octets until the next call, and `body` cannot keep the span.
            let frame = UnsafeBufferPointer(start: octets, count: Int(header.pointee.caplen))
            body(frame.span, time(header.pointee.ts))
            return .packet
        }
        switch status {
        case 0: return .nothing
        case PCAP_ERROR_BREAK: return .end
        default:
            let reason = String(cString: pcap_geterr(handle))
            throw isFile ? .badFile(name, reason: reason) : .other("capturing on '\(name)' ended: \(reason)")
        }
    }

    @inline(__always)
    private func time(_ value: timeval) -> WallInstant {
        let fraction = hasNanoseconds ? Int64(value.tv_usec) : Int64(value.tv_usec) &* 1_000
        return WallInstant(nanosecondsSinceUnixEpoch: Int64(value.tv_sec) &* 1_000_000_000 &+ fraction)
    }

    /// Waits until frames can be read, so long at the most.
    public func wait(_ duration: Nanoseconds) {
        var descriptor = pollfd(fd: pcap_get_selectable_fd(handle), events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, Int32(clamping: duration.count / 1_000_000))
    }

    /// Octets of the file that were read so far; nil where it is no file.
    public var fileOffset: Int? {
        guard isFile, let file = pcap_file(handle) else { return nil }
        let offset = ftell(file)
        return offset >= 0 ? offset : nil
    }

    /// Nil for a file.
    public var statistics: Statistics? {
        var counts = pcap_stat()
        guard !isFile, pcap_stats(handle, &counts) == 0 else { return nil }
        return Statistics(
            received: Int(counts.ps_recv),
            dropped: Int(counts.ps_drop),
            droppedByInterface: Int(counts.ps_ifdrop)
        )
    }
}
