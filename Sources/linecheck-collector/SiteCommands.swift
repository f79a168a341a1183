import ArgumentParser
import Collector
import CollectorStore
import Foundation
import LinuxNet
import Results
import Settings
import Units

/// `linecheck-collector site`: who may write.
struct SiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site",
        abstract: "Enrols sites, and takes back what lets them write.",
        subcommands: [
            SiteAddCommand.self, SiteListCommand.self, SiteRotateCommand.self, SiteRevokeCommand.self,
            SiteBindCommand.self, SiteUnbindCommand.self,
        ]
    )
}

struct SiteAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Enrols a site and prints its token, once.",
        discussion: """
            The token alone goes to standard output. Put it into a file that the site's agent alone can read, and that \
            file's name into its configuration (collector.token_file). The site's name must be what its agent calls \
            it: results of another name are refused. A site that was revoked can write again.
            """
    )

    @OptionGroup var store: StoreOptions
    @Argument(help: "The site's name, as in its agent's configuration.") var name: String
    @Flag(help: "Enrol without a token, for a site that shows a certificate.") var noToken = false

    func run() async throws {
        try await store.withStore { store, _ in
            let now = StoreOptions.now
            if let known = try await store.site(name), known.revokedAt == nil {
                let hint = "for a new token: linecheck-collector site rotate"
                throw CommandFailure(status: ExitStatus.cannotCreate, message: "there is a site '\(name)'; \(hint)")
            }
            _ = try await store.addSite(name, now: now)
            guard !noToken else { return }
            let token = SecretToken(.site)
            try await store.addToken(SiteToken(site: name, digest: token.digest, createdAt: now))
            Terminal.print(token.text)
        }
    }
}

struct SiteListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the sites, when each was last heard, and what lets it write."
    )

    @OptionGroup var store: StoreOptions

    func run() async throws {
        try await store.withStore { store, _ in
            let now = StoreOptions.now
            var rows = [["SITE", "LAST HEARD", "TOKENS", "CERTIFICATES", "STATE"]]
            for site in try await store.sites() {
                let tokens = try await store.tokens(of: site.name).count { $0.isGood(now) }
                let certificates = try await store.certificates(of: site.name).count
                rows.append([
                    site.name, site.lastHeardAt.map { Self.short($0) } ?? "never", "\(tokens)", "\(certificates)",
                    site.revokedAt.map { "revoked \(Self.short($0))" } ?? "enrolled",
                ])
            }
            Terminal.print(rows.count == 1 ? "No site is enrolled." : TextTable.render(rows))
        }
    }

    static func short(_ time: UTCTime) -> String { time.text.prefix(16).replacing("T", with: " ") + "Z" }
}

struct SiteRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Prints a new token for a site; the old ones go on for a while.",
        discussion: """
            An agent reads its token's file for every push, so that the new one counts as soon as it is there. Old \
            tokens end after the overlap, and at once with --overlap 0s.
            """
    )

    @OptionGroup var store: StoreOptions
    @Argument(help: "The site's name.") var name: String
    @Option(help: ArgumentHelp("How long the old tokens go on.", valueName: "duration")) var overlap = "24h"

    func run() async throws {
        try await store.withStore { store, _ in
            let wait = try Nanoseconds(text: overlap)
            guard wait >= .zero else {
                throw CommandFailure(status: ExitCode(64), message: "--overlap: '\(overlap)' is below 0")
            }
            let now = StoreOptions.now
            guard let site = try await store.site(name), site.revokedAt == nil else {
                throw CommandFailure(status: ExitStatus.failure, message: "no site '\(name)' is enrolled")
            }
            let token = SecretToken(.site)
            try await store.addToken(SiteToken(site: name, digest: token.digest, createdAt: now))
            try await store.expireTokens(of: name, except: token.digest, at: now + wait)
            Terminal.print(token.text)
        }
    }
}

struct SiteRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Ends at once all that lets a site write. What it sent stays."
    )

    @OptionGroup var store: StoreOptions
    @Argument(help: "The site's name.") var name: String

    func run() async throws {
        try await store.withStore { store, _ in
            guard try await store.revokeSite(name, now: StoreOptions.now) else {
                throw CommandFailure(status: ExitStatus.failure, message: "no site '\(name)' is enrolled")
            }
        }
    }
}

struct SiteBindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind",
        abstract: "Lets a client certificate write for a site.",
        discussion: "The collector needs tls.client_certificates, or a proxy that hands on Client-Cert (RFC 9440)."
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var certificate: CertificateOptions
    @Argument(help: "The site's name.") var name: String

    func run() async throws {
        try await store.withStore { store, _ in
            let fingerprint = try certificate.digest()
            try await store.bindCertificate(fingerprint, to: name, now: StoreOptions.now)
            Terminal.print("\(fingerprint)")
        }
    }
}

struct SiteUnbindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unbind",
        abstract: "Takes a client certificate from whatever site it is bound to."
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var certificate: CertificateOptions

    func run() async throws {
        try await store.withStore { store, _ in
            let fingerprint = try certificate.digest()
            guard try await store.unbindCertificate(fingerprint) else {
                throw CommandFailure(status: ExitStatus.failure, message: "\(fingerprint) is bound to no site")
            }
        }
    }
}

struct CertificateOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A certificate in PEM.", valueName: "file"))
    var certificate: String?

    @Option(
        help: ArgumentHelp(
            "Its SHA-256 fingerprint: 64 hexadecimal digits, with colons or without.",
            valueName: "sha256"
        )
    )
    var fingerprint: String?

    func validate() throws {
        guard (certificate == nil) != (fingerprint == nil) else {
            throw ValidationError("one of --certificate and --fingerprint is needed")
        }
    }

    func digest() throws -> SecretDigest {
        if let fingerprint {
            guard let digest = SecretDigest(hexadecimal: fingerprint) else {
                throw CommandFailure(status: ExitCode(64), message: "'\(fingerprint)' is not 64 hexadecimal digits")
            }
            return digest
        }
        return try CertificateFile.fingerprint(certificate ?? "")
    }
}

extension SiteToken {
    func isGood(_ now: UTCTime) -> Bool { revokedAt == nil && expiresAt.map { $0 > now } ?? true }
}
