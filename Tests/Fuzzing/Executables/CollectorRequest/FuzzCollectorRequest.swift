import FuzzEntries

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzEntry.collectorRequest.runOrTrap(UnsafeBufferPointer(start: octets, count: count))
}
