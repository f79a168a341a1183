import Deflate
import Settings
import Testing
import Units

@testable import Agent

@Suite struct SecretTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aSecretDoesNotPrint() {
        let secret = Secret("hunter2hunter2")
        var connection = HTTPConnection()
        connection.proxyCredentials = secret
        var dumped = ""
        dump([secret], to: &dumped)
        dump(connection, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(connection)", dumped] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
    }

    @Test(arguments: ["token", "token\n", "token\r\n", "  token \t\n", "\ntoken"])
    func oneLineIsReadWithoutWhatSurroundsIt(text: String) throws {
        let file = FileReference.file(try folder.write(text, to: "secret"))
        #expect(try file.secret() == Secret("token"))
    }

    @Test(arguments: [
        "", "\n", "to ken", "token\nsecond", "tokén", "to\u{0}ken", String(repeating: "x", count: 20_000),
    ])
    func anythingElseIsRefusedWithoutShowingIt(text: String) throws {
        let path = try folder.write(text, to: "secret")
        do throws(TextRefusal) {
            _ = try FileReference.file(path).secret()
            Issue.record("'\(text)' was taken for a secret")
        } catch {
            #expect(error.description.hasPrefix(path))
            #expect(!error.description.contains("tok"))
            #expect(!error.description.contains("xxx"))
        }
    }

    @Test func credentialsLieWhereTheServiceManagerPutsThem() throws {
        let reference = try FileReference("credential:token")
        #expect(
            try reference.path(environment: ["CREDENTIALS_DIRECTORY": "/run/credentials/x"])
                == "/run/credentials/x/token"
        )
        #expect(throws: TextRefusal.self) { try reference.path(environment: [:]) }
        for text in ["credential:", "credential:a/b", "credential:..", "token", "./token", "~/token"] {
            #expect(throws: TextRefusal.self) { try FileReference(text) }
        }
    }

    @Test func compressionIsUndoneByAnyReader() {
        var generator = SeededGenerator(seed: 9)
        for count in [0, 1, 10, 1_000, 100_000] {
            let octets = (0..<count).map { _ in UInt8.random(in: 0...15, using: &generator) }
            let stored = Compression.zlib(octets)
            #expect(Compression.inflate(stored, count: count) == octets)
            #expect(Compression.inflate(stored, count: count + 1) == nil)
            #expect(Compression.inflate(Array(stored.dropLast()), count: count) == nil)
            if count > 0 { #expect(SimulatedCollector.gunzip(Compression.gzip(octets)) == octets) }
        }
        #expect(Compression.inflate([], count: .max) == nil)
        #expect(Compression.inflate([], count: -1) == nil)
    }
}
