// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same rules: the compiler's complete concurrency checking and no warnings.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// A target imports only targets named above it: data flows one way, from the wire to the report.
let package = Package(
    name: "linecheck",
    products: [
        .executable(name: "linecheck", targets: ["linecheck"]),
        .executable(name: "linecheck-collector", targets: ["linecheck-collector"]),
        // For the benchmarks, which are a package of their own.
        .library(name: "LinecheckLibraries", targets: ["Units", "Wire", "ProbeCore", "Statistics", "LinuxNet"]),
        // For the package in Tests/Fuzzing, which can only use a target of another package through a product.
        .library(name: "FuzzEntries", targets: ["FuzzEntries"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "Units", swiftSettings: strict),
        .target(
            name: "Wire",
            dependencies: ["Units", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        .target(name: "ProbeCore", dependencies: ["Units", "Wire"], swiftSettings: strict),
        .target(name: "Statistics", dependencies: ["Units", "ProbeCore"], swiftSettings: strict),
        .target(name: "Readiness", dependencies: ["Units", "ProbeCore", "Statistics"], swiftSettings: strict),
        .target(name: "Results", dependencies: ["Units", "Statistics", "Readiness"], swiftSettings: strict),
        .target(
            name: "LinuxNet",
            dependencies: ["CLinux", "Units", "Wire", "ProbeCore", "Readiness"],
            swiftSettings: strict
        ),
        .target(
            name: "Capture",
            dependencies: ["CPcap", "Units", "Readiness", "Results", "LinuxNet"],
            swiftSettings: strict
        ),
        // Configuration files as YAML, settings as people write them, and secrets in files of their own.
        .target(
            name: "Settings",
            dependencies: ["Units", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        // Prometheus' text format.
        .target(name: "Exposition", dependencies: ["Readiness"], swiftSettings: strict),
        .target(name: "Deflate", dependencies: ["CZlib"], swiftSettings: strict),
        // What services write for systemd's journal.
        .target(
            name: "ServiceLog",
            dependencies: [.product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),
        .target(
            name: "Agent",
            dependencies: [
                "CCurl", "Deflate", "Exposition", "Settings", "Units", "Readiness", "Results",
                .product(name: "Yams", package: "Yams"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Report",
            dependencies: [
                "Units", "Statistics", "Readiness", "Results", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "CollectorStore",
            dependencies: [
                "CPostgres", "CZlib", "Units", "Readiness", "Results", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "CollectorPages",
            dependencies: [
                "Units", "Readiness", "Results", "Report", "CollectorStore",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        // What sites deliver, read and held to its schema.
        .target(name: "Ingest", dependencies: ["Results"], swiftSettings: strict),
        // What readers and sites say in addresses, parameters, headers and cookies, read.
        .target(
            name: "CollectorRequests",
            dependencies: [
                "Units", "Readiness", "Results", "CollectorStore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Collector",
            dependencies: [
                "Deflate", "Exposition", "Settings", "Units", "Readiness", "Results", "Ingest", "CollectorStore",
                "CollectorPages", "CollectorRequests",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "linecheck-collector",
            dependencies: [
                "Deflate", "ServiceLog", "Settings", "Units", "Readiness", "Results", "LinuxNet", "CollectorStore",
                "CollectorRequests", "Collector",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "linecheck",
            dependencies: [
                "Units", "Wire", "ProbeCore", "Statistics", "Readiness", "Results", "LinuxNet", "Capture", "ServiceLog",
                "Settings", "Agent", "Report", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),

        // The path of known truth that the end-to-end tests measure: not part of the product.
        .target(name: "CImpairmentLink", path: "Tests/CImpairmentLink"),
        .executableTarget(
            name: "impairment-link",
            dependencies: [
                "CImpairmentLink", "Units", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/ImpairmentLink",
            swiftSettings: strict
        ),

        // Spools and pushes until a test kills it.
        .executableTarget(
            name: "spool-driver",
            dependencies: [
                "Agent", "Settings", "Units", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/SpoolDriver",
            swiftSettings: strict
        ),

        // Stores results until a test kills it; or measures how fast that is.
        .executableTarget(
            name: "store-driver",
            dependencies: [
                "Units", "Readiness", "Results", "CollectorStore", "SampleChecks",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/StoreDriver",
            swiftSettings: strict
        ),

        // Checks that never took place, for the tests of what follows a measurement.
        .target(
            name: "SampleChecks",
            dependencies: ["Units", "Statistics", "Readiness", "Results"],
            path: "Tests/SampleChecks",
            swiftSettings: strict
        ),

        // A network and two hosts in virtual time, for proofs against known truth.
        .target(
            name: "SimulatedNetwork",
            dependencies: ["Units", "Wire", "ProbeCore"],
            path: "Tests/SimulatedNetwork",
            swiftSettings: strict
        ),

        // What must hold whatever a parser reads: for the fuzzers, and for tests on what these once found.
        .target(
            name: "FuzzEntries",
            dependencies: [
                "Units", "Wire", "ProbeCore", "Statistics", "Readiness", "Results", "Deflate", "Capture", "Settings",
                "Ingest", "Agent", "Report", "CollectorStore", "CollectorRequests",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            path: "Tests/Fuzzing/Entries",
            swiftSettings: strict
        ),

        .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: strict),
        .testTarget(name: "WireTests", dependencies: ["Units", "Wire"], swiftSettings: strict),
        .testTarget(name: "ProbeCoreTests", dependencies: ["Units", "Wire", "ProbeCore"], swiftSettings: strict),
        .testTarget(
            name: "StatisticsTests",
            dependencies: ["Units", "ProbeCore", "Statistics"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Units", "ProbeCore", "Statistics", "Readiness", "SimulatedNetwork"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReadinessTests",
            dependencies: ["Units", "ProbeCore", "Statistics", "Readiness", "SampleChecks"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ResultsTests",
            dependencies: ["Units", "Statistics", "Readiness", "Results", "SampleChecks"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LinuxNetTests",
            dependencies: ["CLinux", "Units", "Wire", "ProbeCore", "Readiness", "LinuxNet"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "AgentTests",
            dependencies: [
                "CCurl", "CZlib", "Deflate", "Settings", "Units", "Readiness", "Results", "Agent", "SampleChecks",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CaptureTests",
            dependencies: ["Units", "Readiness", "Results", "Capture"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportTests",
            dependencies: ["Units", "Statistics", "Readiness", "Results", "Report", "SampleChecks"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CollectorStoreTests",
            dependencies: [
                "Units", "Readiness", "Results", "CollectorStore", "SampleChecks", "store-driver",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CollectorPagesTests",
            dependencies: [
                "Units", "Readiness", "Results", "Report", "CollectorStore", "CollectorPages", "SampleChecks",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IngestTests",
            dependencies: ["Deflate", "Results", "Ingest", "SampleChecks"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CollectorTests",
            dependencies: [
                "Exposition", "Settings", "Units", "Results", "CollectorStore", "CollectorRequests", "Collector",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "FuzzRegressionTests", dependencies: ["FuzzEntries"], swiftSettings: strict),
        .testTarget(
            name: "ImpairmentLinkTests",
            dependencies: ["Units", "impairment-link"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Units", "Readiness", "Agent", "Results", "CollectorStore", "SampleChecks", "linecheck",
                "linecheck-collector", "impairment-link", "spool-driver",
            ],
            exclude: ["Peers"],
            swiftSettings: strict
        ),
    ]
)
