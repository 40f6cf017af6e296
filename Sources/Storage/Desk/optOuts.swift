import Foundation
import GRDB
import Triage

extension Store {
  /// Places where somebody asked not to be contacted again, of a joint opportunity both; the first asked first.
  package func optOuts() async throws -> [OptOut] {
    try await read { db in
      try Row.fetchAll(db, kept(sql: "SELECT * FROM opt_out ORDER BY at, opportunity, address_key"))
        .map {
          OptOut(
            place: try place($0), by: $0["by"], at: instant($0["at"]),
            opportunity: $0["opportunity"])
        }
    }
  }
}

/// Notes it for every household of an opportunity.
func optOut(_ db: Database, of opportunity: Int64, by: String, at: Int64) throws {
  let places = "address_key, address, postcode, uprn, x, y, location"
  for (table, id) in [("opportunity", "id"), ("second_household", "opportunity")] {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO opt_out (opportunity, \(places), by, at)
        SELECT \(id), \(places), ?, ? FROM \(table) WHERE \(id) = ?
        """, arguments: [by, at, opportunity])
  }
}
