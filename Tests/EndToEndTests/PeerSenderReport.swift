import Foundation

/// What the scapy sender prints: its requests and the replies as scapy reads them.
struct PeerSenderReport: Decodable, Sendable {
    struct ErrorEstimate: Decodable, Equatable, Sendable {
        var s: Int
        var z: Int
        var scale: Int
        var multiplier: Int
    }

    struct TLV: Decodable, Sendable {
        var flags: UInt8
        var type: UInt8
        var length: Int
        var value: String

        /// The value's octets as one number, for values of up to eight octets at an offset.
        func number(at offset: Int, octets: Int) -> UInt64? {
            UInt64(value.dropFirst(2 * offset).prefix(2 * octets), radix: 16)
        }
    }

    struct Request: Decodable, Sendable {
        var `case`: String
        var sequence: UInt32
        var timestampHex: String
        var timestampNs: Int64
        var errorEstimate: ErrorEstimate
        var ssid: UInt16
        var length: Int
        var tlvs: [TLV]
        var sentNs: Int64
    }

    struct Reply: Decodable, Sendable {
        var sequence: UInt32
        var timestampNs: Int64
        var errorEstimate: ErrorEstimate
        var ssid: UInt16
        var receiveTimestampNs: Int64
        var senderSequence: UInt32
        var senderTimestampHex: String
        var senderErrorEstimate: ErrorEstimate
        var mbz: [Int]
        var senderTtl: Int
        var length: Int
        var tlvs: [TLV]
        var trafficClass: UInt8
        var receivedNs: Int64

        func tlv(_ type: UInt8) -> TLV? { tlvs.first { $0.type == type } }
    }

    struct Exchange: Decodable, Sendable {
        var request: Request
        var reply: Reply?
    }

    var localPort: UInt16
    var exchanges: [Exchange]

    init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(json.utf8))
    }
}
