import Results
import Units

/// Where a collector keeps what its sites send, whatever database that is.
///
/// Everything that is answered by a call that returned is on the disk. Any task may call; no call blocks the threads
/// that tasks run on. Nothing here reads a clock: `now` is the caller's.
///
/// Errors are ``StoreError``, whose text says what to do.
public protocol ResultStore: Sendable {
    // MARK: - Writing

    /// Takes documents, all or, when this throws, none. Whoever has stored one has stored it once: the same document
    /// again, in this batch or any other, of this collector or another, is a duplicate and changes nothing.
    ///
    /// - Returns: each document's lot, in their order; all are durable.
    func store(_ batch: [IngestedDocument]) async throws -> [DocumentLot]

    // MARK: - Sites and who may write for them

    /// Enrols a site, or lets one write again that was revoked.
    ///
    /// - Throws: ``DocumentRefusal`` for a name that no site can have.
    func addSite(_ name: String, now: UTCTime) async throws -> Site
    /// By name, revoked ones included.
    func sites() async throws -> [Site]
    func site(_ name: String) async throws -> Site?
    /// Ends everything that may write for the site. What it sent stays.
    ///
    /// - Returns: whether there is such a site that was not revoked.
    func revokeSite(_ name: String, now: UTCTime) async throws -> Bool

    /// - Throws: ``StoreError/unknownSite(_:)``.
    func addToken(_ token: SiteToken) async throws
    /// Oldest first, expired and revoked ones included.
    func tokens(of site: String) async throws -> [SiteToken]
    /// The site that a token may write for; nil for one that is not known, expired, or revoked, and when its site is.
    /// Notes that it was used, to within ten minutes.
    func site(token digest: SecretDigest, now: UTCTime) async throws -> String?
    /// Rotation: lets every token of the site but one go on no longer than until `instant`.
    func expireTokens(of site: String, except digest: SecretDigest?, at instant: UTCTime) async throws
    func revokeToken(_ digest: SecretDigest, of site: String, now: UTCTime) async throws -> Bool

    /// A fingerprint speaks for one site: bound again, it speaks for the other.
    ///
    /// - Throws: ``StoreError/unknownSite(_:)``.
    func bindCertificate(_ fingerprint: SecretDigest, to site: String, now: UTCTime) async throws
    func unbindCertificate(_ fingerprint: SecretDigest) async throws -> Bool
    func certificates(of site: String) async throws -> [CertificateBinding]
    /// The site that a client certificate may write for, unless it is revoked.
    func site(certificate fingerprint: SecretDigest) async throws -> String?

    // MARK: - Who may read

    /// Adds a reader, or replaces the one of that name.
    func putReader(_ reader: Reader) async throws
    func removeReader(_ name: String) async throws -> Bool
    func readers() async throws -> [Reader]
    func reader(named name: String) async throws -> Reader?
    func reader(token digest: SecretDigest) async throws -> Reader?

    // MARK: - Reading

    /// Sites that are not revoked, with how they stand.
    func fleet(_ query: FleetQuery) async throws -> FleetPage
    /// How many sites stand how: what the fleet page says above its table, and the metrics.
    func fleetCounts(now: UTCTime, silentAfter: Nanoseconds) async throws -> FleetCounts
    /// One site's row, revoked or not; nil where there is no such site.
    func standing(of site: String, now: UTCTime, silentAfter: Nanoseconds) async throws -> FleetRow?

    /// Results of one site or of all, by site and time.
    func results(_ query: ResultQuery) async throws -> ResultPage
    /// A result or an assessment, as it came.
    func document(site: String, id: String) async throws -> KeptDocument?
    /// Figures of a site over time, by endpoint and direction, each in the order of time.
    func history(_ query: HistoryQuery) async throws -> [HistorySeries]
    /// How the checks of a site were graded over time: for each stretch that has any, in the order of time.
    func gradeHistory(_ query: HistoryQuery) async throws -> [GradePoint]
    /// What checks of the site have found since `since`: what is there now first, then what was there last.
    func findings(of site: String, since: UTCTime) async throws -> [SiteFinding]
    /// Latest first, of one site or of all.
    func assessments(of site: String?, limit: Int) async throws -> [AssessmentRow]

    // MARK: - Keeping

    /// Brings roll-ups up to date and drops what is kept no longer: a bounded piece of that, so that ingest never
    /// waits long. Call it every minute or so, and again at once while it says that there is more to do. Any number of
    /// collectors may call: one of them works.
    func maintain(now: UTCTime, policy: KeepingPolicy) async throws -> KeepingReport
    /// Whether the database answers and can be written.
    func check() async throws
    /// Ends every connection. Later calls throw ``StoreError/closed``.
    func close() async
}
