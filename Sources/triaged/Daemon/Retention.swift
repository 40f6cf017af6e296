import FlareImport
import Foundation
import Logging
import Storage

/// The retention loop's work: what is kept only for a time goes when its time is over, and claims
/// and offers that nobody came back to are free again.
struct Retention: Sendable {
  let configuration: Configuration
  let store: Store
  let logger: Logger

  func round(now: Date) async throws {
    let exports = Archive(path: configuration.archiveFolder, days: configuration.archiveDays)
      .purge(now: now)
    if exports > 0 {
      logger.notice(
        "Archived exports past their time were removed.", metadata: ["count": "\(exports)"])
    }
  }
}
