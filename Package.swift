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
        .target(
            name: "Agent",
            dependencies: [
                "CCurl", "CZlib", "Units", "Readiness", "Results", .product(name: "Yams", package: "Yams"),
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
        .executableTarget(
            name: "linecheck",
            dependencies: [
                "Units", "Wire", "ProbeCore", "Statistics", "Readiness", "Results", "LinuxNet", "Capture", "Agent",
                "Report", .product(name: "ArgumentParser", package: "swift-argument-parser"),
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
            dependencies: ["Agent", "Units", .product(name: "ArgumentParser", package: "swift-argument-parser")],
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
                "Units", "Wire", "ProbeCore", "Statistics", "Readiness", "Results", "Capture", "Agent", "Report",
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
                "CCurl", "CZlib", "Units", "Readiness", "Results", "Agent", "SampleChecks",
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
        .testTarget(name: "FuzzRegressionTests", dependencies: ["FuzzEntries"], swiftSettings: strict),
        .testTarget(
            name: "ImpairmentLinkTests",
            dependencies: ["Units", "impairment-link"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Units", "Agent", "Results", "linecheck", "impairment-link", "spool-driver"],
            exclude: ["Peers"],
            swiftSettings: strict
        ),
    ]
)
