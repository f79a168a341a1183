// swift-tools-version: 6.2
import PackageDescription

/// A libFuzzer executable, `fuzz-<entry>`. libFuzzer brings its own `main`.
func fuzzer(_ entry: String, in folder: String) -> Target {
    .executableTarget(
        name: "fuzz-\(entry)",
        dependencies: [.product(name: "FuzzEntries", package: "linecheck")],
        path: "Executables/\(folder)",
        swiftSettings: [.treatAllWarnings(as: .error), .unsafeFlags(["-parse-as-library"])]
    )
}

/// A package of its own, so that ordinary builds skip it: `make fuzz` builds it with the sanitizers that it needs. What
/// the fuzzers check is in Entries, a target of Linecheck's package.
let package = Package(
    name: "linecheck-fuzzing",
    dependencies: [.package(name: "linecheck", path: "../..")],
    targets: [
        fuzzer("stamp-request", in: "StampRequest"),
        fuzzer("stamp-reply", in: "StampReply"),
        fuzzer("tlv", in: "TLV"),
        fuzzer("icmp-error", in: "ICMPError"),
        fuzzer("stun-response", in: "StunResponse"),
        fuzzer("configuration", in: "Configuration"),
        fuzzer("result-document", in: "ResultDocument"),
        fuzzer("netlink", in: "Netlink"),
        fuzzer("link-discovery", in: "LinkDiscovery"),
        fuzzer("endpoints-list", in: "EndpointsList"),
        fuzzer("collector-answer", in: "CollectorAnswer"),
        fuzzer("captured-frame", in: "CapturedFrame"),
        fuzzer("delivered-batch", in: "DeliveredBatch"),
        fuzzer("packet-record", in: "PacketRecord"),
        fuzzer("page-cursor", in: "PageCursor"),
        fuzzer("collector-request", in: "CollectorRequest"),
    ]
)
