import Foundation

/// How many times as long as usual a test waits before it gives up: 1, or what `TRIAGED_PATIENCE` says, as where a
/// sanitizer makes everything slower.
package let patience =
  ProcessInfo.processInfo.environment["TRIAGED_PATIENCE"].flatMap { Double($0) } ?? 1
