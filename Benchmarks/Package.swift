// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// The programs that the benchmarks measure beside `linecheck` itself: a package of its own, so that ordinary builds
/// skip it.
let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "linecheck", path: "..")],
    targets: [
        .executableTarget(
            name: "cost",
            dependencies: [.product(name: "LinecheckLibraries", package: "linecheck")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "streams",
            dependencies: [.product(name: "LinecheckLibraries", package: "linecheck")],
            swiftSettings: strict
        ),
    ]
)
