import Foundation
import Storage

/// How many entries the register's file had when it was in force last.
struct RegisterMemory: Sendable {
  var entries: @Sendable () async throws -> Int? = { nil }
  var note: @Sendable (_ entries: Int, _ now: Date) async throws -> Void = { _, _ in }
}

extension RegisterMemory {
  /// Over restarts.
  init(_ store: Store) {
    self.init(
      entries: { try await store.registerSeen() },
      note: { try await store.noteRegister(entries: $0, now: $1) })
  }
}
