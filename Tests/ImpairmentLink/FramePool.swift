/// Buffers for frames under way, all made and touched before the first frame comes.
struct FramePool: ~Copyable {
    static let bufferLength = 2048

    private let memory: UnsafeMutableRawBufferPointer
    private var free: [Int]

    init(count: Int) {
        memory = .allocate(byteCount: count * Self.bufferLength, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        free = Array((0..<count).reversed())
    }

    deinit { memory.deallocate() }

    mutating func take() -> Int? { free.popLast() }

    mutating func giveBack(_ buffer: Int) { free.append(buffer) }

    subscript(buffer: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
            rebasing: memory[buffer * Self.bufferLength..<(buffer + 1) * Self.bufferLength]
        )
    }
}
