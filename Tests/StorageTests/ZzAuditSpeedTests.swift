import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("Speed of the audit (not kept)")
struct ZzAuditSpeedTests {
  @Test func speed() async throws {
    try await withStore { store in
      let row = AuditRow(
        at: noon, actor: "ann", mark: .link(12, .private), action: "claim", opportunity: 7,
        generation: 3)
      let clock = ContinuousClock()
      try await store.write { db in
        for _ in 0..<100_000 { try writeAudit(db, row) }
      }
      let chained = try await clock.measure {
        try await store.write { db in for _ in 0..<20_000 { try writeAudit(db, row) } }
      }
      let plain = try await clock.measure {
        try await store.write { db in
          try db.execute(
            sql: "CREATE TABLE plain AS SELECT * FROM audit; CREATE INDEX p ON plain(opportunity)")
        }
      }
      let bare = try await clock.measure {
        try await store.write { db in
          for _ in 0..<20_000 {
            try db.execute(
              sql: """
                INSERT INTO plain (at, actor, via, action, opportunity, generation, result, network, agency)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
              arguments: [
                milliseconds(row.at), row.actor, row.mark.via, row.action, row.opportunity,
                row.generation, row.result, row.mark.network, row.agency,
              ])
          }
        }
      }
      let single = try await clock.measure {
        for _ in 0..<200 { try await store.audit(row) }
      }
      let verify = try await clock.measure { _ = try await store.verifyAudit() }
      print(
        "SPEED chained 20000: \(chained), bare 20000: \(bare), 200 single commits: \(single), verify 120200: \(verify), \(plain)")
    }
  }
}
