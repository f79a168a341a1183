import ProbeCore
import Units

extension ProbeQuality {
    /// How well the probe worked over all its streams.
    ///
    /// - Parameter socketDrops: replies that this host's socket buffers dropped.
    public init(_ logs: [StreamLog], socketDrops: Int) {
        // The lead-in waits for address resolution, and does not count.
        let lateness = logs.flatMap { $0.lateness[$0.measured] }.sorted()
        func percentile(_ share: Double) -> Nanoseconds {
            lateness.isEmpty ? .zero : lateness[min(lateness.count - 1, Int(share * Double(lateness.count)))]
        }
        let kernel = logs.map(\.kernelTimestamps)
        let (of, have) = (kernel.reduce(0) { $0 + $1.of }, kernel.reduce(0) { $0 + $1.have })
        self.init(
            sendErrorMedian: percentile(0.5),
            sendErrorP99: percentile(0.99),
            sendErrorMaximum: lateness.last ?? .zero,
            missedSends: logs.reduce(0) { $0 + $1.missed } + logs.sendsRefusedByHost,
            kernelTimestampsRatio: of == 0 ? 0 : Double(have) / Double(of),
            socketDrops: socketDrops
        )
    }
}
