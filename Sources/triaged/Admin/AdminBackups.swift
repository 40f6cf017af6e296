import Foundation
import Storage
import Triage

/// What is asked for with `backup`.
struct BackupWish: Codable {
  /// An absolute path; `nil` for the configured folder.
  var to: String?
}

extension AdminOffice {
  func backup(_ wish: BackupWish, now: Date) async throws -> MadeBackup {
    if let folder = wish.to, !folder.hasPrefix("/") {
      throw AdminRefusal(.misuse, "The path of the folder must begin with a slash.")
    }
    do {
      return try await backups.make(in: wish.to, now: now)
    } catch let error as BackupError {
      throw AdminRefusal(.conflict, error.description)
    } catch let error as StoreError where !error.mustStop {
      throw AdminRefusal(.conflict, error.description)
    }
  }
}
