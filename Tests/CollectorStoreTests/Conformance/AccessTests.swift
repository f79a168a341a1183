import Results
import Testing
import Units

@testable import CollectorStore

@Suite struct AccessTests {
    private let now = MadeUp.start

    private func digest(_ octet: UInt8) throws -> SecretDigest {
        try #require(SecretDigest(octets: Array(repeating: octet, count: 32)))
    }

    @Test(arguments: StoreKind.allCases)
    func sitesAreAddedOnceAndListedByName(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let dublin = try await store.addSite("dublin", now: now)
            #expect(dublin == Site(name: "dublin", addedAt: now))
            _ = try await store.addSite("cork", now: now)
            #expect(try await store.addSite("dublin", now: now + .seconds(9)) == dublin)
            #expect(try await store.sites().map(\.name) == ["cork", "dublin"])
            #expect(try await store.site("limerick") == nil)
            await #expect(throws: DocumentRefusal.self) { try await store.addSite("a\nb", now: now) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aRevokedSiteWritesNoMoreAndIsHidden(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.addSite("dublin", now: now)
            try await store.addToken(SiteToken(site: "dublin", digest: digest(1), createdAt: now))
            try await store.bindCertificate(digest(2), to: "dublin", now: now)
            #expect(try await store.site(token: digest(1), now: now) == "dublin")
            #expect(try await store.site(certificate: digest(2)) == "dublin")
            #expect(try await store.revokeSite("dublin", now: now + .seconds(5)))
            #expect(try await store.revokeSite("dublin", now: now + .seconds(6)) == false)
            #expect(try await store.site("dublin")?.revokedAt == now + .seconds(5))
            #expect(try await store.site(token: digest(1), now: now) == nil)
            #expect(try await store.site(certificate: digest(2)) == nil)
            #expect(try await store.fleet(FleetQuery(now: now, silentAfter: .seconds(1))).rows.isEmpty)
            #expect(try await store.standing(of: "dublin", now: now, silentAfter: .seconds(1))?.isRevoked == true)
            // Added again it needs a new token.
            #expect(try await store.addSite("dublin", now: now).revokedAt == nil)
            #expect(try await store.site(token: digest(1), now: now) == nil)
            #expect(try await store.site(certificate: digest(2)) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func tokensRotateWithOverlap(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.addSite("dublin", now: now)
            try await store.addToken(SiteToken(site: "dublin", digest: digest(1), createdAt: now))
            try await store.addToken(SiteToken(site: "dublin", digest: digest(2), createdAt: now + .seconds(1)))
            try await store.expireTokens(of: "dublin", except: digest(2), at: now + .seconds(60))
            try await store.expireTokens(of: "dublin", except: digest(2), at: now + .seconds(90))
            #expect(try await store.site(token: digest(1), now: now + .seconds(59)) == "dublin")
            #expect(try await store.site(token: digest(1), now: now + .seconds(60)) == nil)
            #expect(try await store.site(token: digest(2), now: now + .seconds(999)) == "dublin")
            #expect(try await store.revokeToken(digest(2), of: "dublin", now: now))
            #expect(try await store.revokeToken(digest(2), of: "dublin", now: now) == false)
            #expect(try await store.site(token: digest(2), now: now) == nil)
            let tokens = try await store.tokens(of: "dublin")
            #expect(tokens.map(\.digest) == [try digest(1), try digest(2)])
            #expect(tokens.map(\.expiresAt) == [now + .seconds(60), nil])
            #expect(tokens.map(\.revokedAt) == [nil, now])
            await #expect(throws: StoreError.unknownSite("cork")) {
                try await store.addToken(SiteToken(site: "cork", digest: digest(3), createdAt: now))
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func theUseOfATokenIsNotedToWithinTenMinutes(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.addSite("dublin", now: now)
            try await store.addToken(SiteToken(site: "dublin", digest: digest(1), createdAt: now))
            for seconds: Int64 in [0, 599, 600, 900] {
                _ = try await store.site(token: digest(1), now: now + .seconds(seconds))
                let noted = try await store.tokens(of: "dublin").first?.lastUsedAt
                #expect(noted == now + .seconds(seconds < 600 ? 0 : 600))
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aCertificateSpeaksForOneSite(_ kind: StoreKind) async throws {
        try await kind.with { store in
            for site in ["cork", "dublin"] { _ = try await store.addSite(site, now: now) }
            try await store.bindCertificate(digest(7), to: "cork", now: now)
            try await store.bindCertificate(digest(7), to: "dublin", now: now)
            #expect(try await store.site(certificate: digest(7)) == "dublin")
            #expect(try await store.certificates(of: "cork").isEmpty)
            #expect(try await store.certificates(of: "dublin").map(\.fingerprint) == [try digest(7)])
            #expect(try await store.unbindCertificate(digest(7)))
            #expect(try await store.unbindCertificate(digest(7)) == false)
            #expect(try await store.site(certificate: digest(7)) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func readersAreReplacedFoundAndRemoved(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.putReader(Reader(name: "ann", passwordHash: "x", addedAt: now))
            let ann = Reader(name: "ann", passwordHash: "y", tokenDigest: try digest(9), addedAt: now)
            try await store.putReader(ann)
            try await store.putReader(Reader(name: "Bob", addedAt: now))
            #expect(try await store.readers().map(\.name) == ["Bob", "ann"])
            #expect(try await store.reader(named: "ann") == ann)
            #expect(try await store.reader(token: digest(9)) == ann)
            #expect(try await store.reader(token: digest(8)) == nil)
            #expect(try await store.reader(named: "bob") == nil)
            #expect(try await store.removeReader("ann"))
            #expect(try await store.removeReader("ann") == false)
        }
    }

    @Test func digestsAreReadAsToolsPrintThem() throws {
        let colons = (0..<32).map { _ in "aB" }.joined(separator: ":")
        #expect(try SecretDigest(hexadecimal: colons) == digest(0xab))
        #expect(try digest(0x0f).description == String(repeating: "0f", count: 32))
        #expect(SecretDigest(hexadecimal: String(repeating: "g", count: 64)) == nil)
        #expect(SecretDigest(octets: []) == nil)
    }
}
