extension CheckReport {
    /// What the document says of the way to one endpoint.
    struct Endpoint: Decodable, Sendable {
        struct Rate: Decodable, Sendable {
            var sent: Int
            var answered: Int
        }

        struct Alternate: Decodable, Sendable {
            var address: String
            var port: UInt16
            var answered: Bool
        }

        struct Server: Decodable, Sendable {
            var software: String?
            var realm: String?
            var responses: [String: Int]
            var rates: [Rate]
            var alternate: Alternate?
        }

        struct Mapping: Decodable, Sendable {
            var port: UInt16
            var local: String
            var reflexive: String
            var portPreserved: Bool
        }

        struct Change: Decodable, Sendable {
            var afterS: Double
            var idleS: Double
        }

        struct Translator: Decodable, Sendable {
            var translated: Bool
            var mappingBehaviour: String?
            var mappings: [Mapping]
            var changes: [Change]
        }

        struct TLS: Decodable, Sendable {
            var state: String
        }

        struct Fallback: Decodable, Sendable {
            var tcp: String
            var tls: TLS?
        }

        struct ControlPort: Decodable, Sendable {
            var port: UInt16
        }

        var server: Server?
        var nat: Translator?
        var fallback: Fallback?
        var controlPort: ControlPort?
    }
}
