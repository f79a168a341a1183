extension StampTimestamp {
    /// Writes this as T3 of a reply whose other fields are all written: the last thing before it is sent.
    public func writeAsTransmitTime(into reply: inout MutableSpan<UInt8>, mode: StampMode) {
        reply.store(rawValue, at: mode.timestampOffset)
    }
}
