import ProbeCore

extension MarkTrail {
    /// What the replies of one port's streams say of marks; what a capture saw is not among it.
    public init(_ logs: [StreamLog]) {
        let replies = logs.flatMap { $0.markedReplies() }
        self.init()
        var returned = MarkSeries()
        for reply in replies.sorted(by: { $0.arrivedAt < $1.arrivedAt }) {
            returned.note(trafficClass: reply.trafficClass, at: reply.arrivedAt)
        }
        self.returned = returned
        guard logs.contains(where: \.reportsMarks) else { return }
        var farEnd = MarkSeries()
        for reply in replies.sorted(by: { $0.sentAt < $1.sentAt }) {
            if let mark = reply.farTrafficClass { farEnd.note(trafficClass: mark, at: reply.sentAt) }
        }
        self.farEnd = farEnd
    }
}
