import Results
import Units

extension DeliveryDocument {
    /// What a result says of the spool and the push before it.
    public init(_ status: PushStatus) {
        let spool = status.spool
        self.init(
            spool: spool.condition.name,
            pending: spool.pending,
            oldestPendingSeconds: status.oldestPendingAge.map { ($0.seconds * 10).rounded() / 10 },
            held: spool.held,
            setAside: spool.setAside,
            dropped: spool.droppedInAll,
            lastSuccessAt: spool.lastSuccess.map(UTCTime.init),
            lastFailureAt: spool.lastFailure.map { UTCTime($0.at) },
            lastFailure: spool.lastFailure?.reason
        )
    }
}
