import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("What becomes of messages that were taken")
struct ReceiptCheckTests {
  /// A digest and a notice, both taken at noon.
  private func withTaken(
    _ body: (_ store: Store, _ digest: String, _ notice: String) async throws -> Void
  ) async throws {
    try await withStore { store in
      try await offerOne(store)
      try await oweNotice(store, "n1", channel: "smtp")
      let digest = try #require(try await store.dueDigests(now: noon).first).id
      try await store.accepted(digest: digest, code: 201, words: "Taken.", now: noon)
      try await store.noticeAccepted(id: "n1", code: 201, words: "Taken.", now: noon)
      try await body(store, digest, "n1")
    }
  }

  private func toAsk(
    _ store: Store, at now: Date, channels: [String] = ["smtp"], most: Int = 9
  ) async throws -> [ReceiptCheck] {
    try await store.receiptsToAsk(
      channels: channels, first: 300, since: now - 7 * day, now: now, most: most)
  }

  @Test("They are asked after in their time, for seven days, and of some channels alone")
  func due() async throws {
    try await withTaken { store, digest, notice in
      #expect(try await toAsk(store, at: noon + 299).isEmpty)
      #expect(try await toAsk(store, at: noon + 300, channels: ["post"]).isEmpty)
      #expect(try await toAsk(store, at: noon + 300, most: 1).count == 1)
      #expect(try await toAsk(store, at: noon + 7 * day).isEmpty)
      let checks = try await toAsk(store, at: noon + 300)
      #expect(Set(checks.map(\.id)) == [digest, notice])
      #expect(checks.allSatisfy { $0.checks == 0 && $0.accepted == noon })
      for check in checks { try await store.receiptAsked(check, next: noon + hour) }
      #expect(try await toAsk(store, at: noon + hour - 1).isEmpty)
      let again = try await toAsk(store, at: noon + hour)
      #expect(again.map(\.checks) == [1, 1])
      for check in again { try await store.receiptAsked(check, next: nil) }
      #expect(try await toAsk(store, at: noon + 6 * day).isEmpty)
    }
  }

  @Test("That it was delivered stands with its attempt")
  func delivered() async throws {
    try await withTaken { store, digest, notice in
      for check in try await toAsk(store, at: noon + 300) {
        try await store.receiptDelivered(check, words: "It was delivered.")
      }
      for id in [digest, notice] {
        #expect(try await results(store, id) == ["accepted 201 Taken. It was delivered."])
      }
      #expect(try await toAsk(store, at: noon + day).isEmpty)
    }
  }

  @Test("What did not arrive is owed again under its id, and is asked after anew once it is taken")
  func returned() async throws {
    try await withTaken { store, digest, notice in
      let checks = try await toAsk(store, at: noon + 300)
      for check in checks {
        #expect(
          try await store.receiptReturned(
            check, until: noon + hour, why: "Full.", now: noon + 300))
        // What was taken then is not accepted any more.
        #expect(
          try await !store.receiptReturned(
            check, until: noon + day, why: "Full.", now: noon + 400))
      }
      #expect(try await store.dueDigests(now: noon + hour - 1).isEmpty)
      #expect(try await store.dueDigests(now: noon + hour).map(\.id) == [digest])
      #expect(try await store.dueNotices(now: noon + hour).map(\.id) == [notice])
      #expect(try await results(store, digest) == ["accepted 201 Taken.", "deferred Full."])
      try await store.accepted(digest: digest, now: noon + hour)
      try await store.noticeAccepted(id: notice, now: noon + hour)
      #expect(try await toAsk(store, at: noon + hour + 299).isEmpty)
      let anew = try await toAsk(store, at: noon + hour + 300)
      #expect(Set(anew.map(\.id)) == [digest, notice] && anew.allSatisfy { $0.checks == 0 })
    }
  }

  @Test("What was taken is found by its index")
  func index() async throws {
    try await withStore { store in
      let plans = try await store.read { db in
        try [("digest", "accepted_at"), ("notice", "ended_at")].map { table, column in
          try Row.fetchAll(
            db,
            sql: """
              EXPLAIN QUERY PLAN SELECT id FROM \(table)
              WHERE state = 'accepted' AND \(column) > 5
              """
          ).map { $0["detail"] as String }.joined()
        }
      }
      #expect(
        plans[0].contains("digest_accepted") && plans[1].contains("notice_accepted"), "\(plans)")
    }
  }
}
