// swift-tools-version: 6.2
import PackageDescription

// Who may import whom is the first rule of this house (docs/architecture.md).
// `make check` holds it with --explicit-target-dependency-import-check.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "triaged",
  products: [
    .executable(name: "triaged", targets: ["triaged"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // C libraries of Debian, and one header of our own.
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CProj", pkgConfig: "proj", providers: [.apt(["libproj-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CScan"),
    .systemLibrary(name: "CSpawn"),

    // The middle: imports none of ours.
    .target(name: "Triage", swiftSettings: settings),

    // One technology each.
    .target(
      name: "Transfer",
      dependencies: ["CCurl", .product(name: "NIOPosix", package: "swift-nio")],
      swiftSettings: settings),
    .target(
      name: "FlareImport",
      dependencies: [
        "Triage", "Transfer", "CScan", "CZip", "CExpat", "CZlib",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .target(
      name: "Geography", dependencies: ["Triage", "CProj", "CExpat", "CZip", "CSpawn"],
      swiftSettings: settings),
    .target(
      name: "Storage",
      dependencies: [
        "Triage", "CSQLite",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "Notify",
      dependencies: [
        "Triage", "Transfer",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: settings),
    .target(
      name: "Web",
      dependencies: [
        "Triage",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [
        .embedInCode("Resources/pages"), .embedInCode("Resources/words"),
        .embedInCode("Resources/style.css"),
      ],
      swiftSettings: settings),

    // The only place that knows two adapters at once.
    .executableTarget(
      name: "triaged",
      dependencies: [
        "Triage", "FlareImport", "Geography", "Storage", "Notify", "Web", "Transfer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),

    // Real parts: SQLite on a file, HTTP over a socket, a real SMTP server (Tests/README.md).
    .testTarget(
      name: "TriageTests", dependencies: ["Triage"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .target(
      name: "TestServers",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Tests/TestServers", swiftSettings: settings),
    .target(name: "TestSeeds", path: "Tests/TestSeeds", swiftSettings: settings),
    .target(
      name: "TestDesk", dependencies: ["Storage", "Triage"], path: "Tests/TestDesk",
      swiftSettings: settings),
    .testTarget(
      name: "TransferTests", dependencies: ["Transfer", "TestServers"], swiftSettings: settings),
    .testTarget(
      name: "FlareImportTests",
      dependencies: ["FlareImport", "Triage", "Transfer", "TestServers", "CZlib"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "GeographyTests", dependencies: ["Geography", "Triage", "TestServers"],
      exclude: ["Fixtures", "covers.py"], swiftSettings: settings),
    .testTarget(
      name: "StorageTests",
      dependencies: [
        "Storage", "Triage", "TestServers", "TestDesk", "TestSeeds",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "NotifyTests",
      dependencies: [
        "Notify", "Triage", "Transfer", "TestServers",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      exclude: ["Golden"], swiftSettings: settings),
    .testTarget(
      name: "WebTests",
      dependencies: [
        "Web", "Triage", "TestServers",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "triagedTests",
      dependencies: [
        "TestServers", "TestDesk", "TestSeeds", "triaged", "Triage", "FlareImport", "Geography",
        "Storage",
        "Notify", "Web",
        "Transfer",
      ],
      exclude: ["Golden", "Fixtures"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

// `make fuzz` builds its programs with sanitizers, in a folder of their own. They have no main, which
// libFuzzer brings, so they must not stand beside the tests; what they check is what the tests check.
if Context.environment["TRIAGED_FUZZ"] == "1" {
  package.targets.removeAll { $0.type == .test }
  package.targets.append(
    .target(
      name: "Invariants", dependencies: ["FlareImport", "Triage", "CZlib"],
      path: "Tests/FlareImportTests/Invariants", swiftSettings: settings))
  package.targets.append(
    .target(
      name: "AreaInvariants", dependencies: ["Geography", "Triage"],
      path: "Tests/GeographyTests/Invariants", swiftSettings: settings))
  for reader in ["CSV", "Dates", "JSON", "XML", "XLSX", "GeoJSON", "KML"] {
    let invariants = ["GeoJSON", "KML"].contains(reader) ? "AreaInvariants" : "Invariants"
    package.targets.append(
      .executableTarget(
        name: "Fuzz\(reader)", dependencies: [.byName(name: invariants)],
        path: "Tests/Fuzz/\(reader)",
        swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
  }
  // SwiftPM gives the compiler one -sanitize for each sanitizer, of which it heeds the last: without
  // this one no Swift is instrumented, and libFuzzer gropes in the dark. Only ours is, for speed.
  let watched = ["Triage", "FlareImport", "Invariants", "Geography", "AreaInvariants"]
  let sanitizers =
    Context.environment["TRIAGED_FUZZ_ADDRESS"] == "0" ? "fuzzer" : "fuzzer,address"
  for target in package.targets where watched.contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-sanitize=\(sanitizers)", "-enable-testing"]))
  }
}

// `make bench-areas`, which links GEOS, as nothing else of ours does, `make bench-triage` and `make bench-replay`.
if Context.environment["TRIAGED_BENCH"] == "1" {
  package.targets.removeAll { $0.type == .test }
  package.targets += [
    .systemLibrary(
      name: "CGeos", path: "bench/areas/CGeos", pkgConfig: "geos",
      providers: [.apt(["libgeos-dev"])]),
    .target(
      name: "AreaSamples", dependencies: ["Triage"], path: "Tests/GeographyTests/Samples",
      swiftSettings: settings),
    .executableTarget(
      name: "BenchAreas", dependencies: ["AreaSamples", "Geography", "Triage", "CGeos"],
      path: "bench/areas/BenchAreas", swiftSettings: settings),
    .executableTarget(
      name: "BenchTriage", dependencies: ["Triage"], path: "bench/triage/BenchTriage",
      swiftSettings: settings),
    .executableTarget(
      name: "BenchReplay", dependencies: ["Triage"], path: "bench/replay/BenchReplay",
      swiftSettings: settings),
  ]
}
