import Foundation
import GRDB
import Triage

/// An opportunity that is open, or was until lately: as much of it as tells what an edit of the areas does
/// to it.
package struct OpenPlace: Hashable, Sendable {
  package var address: AddressKey
  /// Of the job that makes it; empty where that job is known no more.
  package var feed: String
  /// As it is, or as it was when it was taken back: never ``OpportunityState/withdrawn``.
  package var state: OpportunityState
  package var area: String
  package var jobType: String
  package var place: Place
}

extension Store {
  /// The opportunities that are open, one for each address, and those that were taken back since an
  /// instant at addresses where none is open now.
  package func openPlaces(since: Date) async throws -> [OpenPlace] {
    try await read { db in
      let rows = try FastStatement(
        db,
        """
        SELECT opportunity.address_key, opportunity.state, offered_at IS NOT NULL, opportunity.area,
          job_type, opportunity.address, opportunity.postcode, opportunity.uprn, opportunity.x, opportunity.y,
          opportunity.location, feed.name
        FROM opportunity
        LEFT JOIN job ON job.id = opportunity.trigger_job
        LEFT JOIN feed ON feed.id = job.feed
        WHERE ended_at IS NULL OR (opportunity.state = 'withdrawn' AND ended_at >= ?)
        ORDER BY ended_at IS NOT NULL, ended_at DESC, opportunity.id DESC
        """)
      rows.bind(since)
      var seen: Set<AddressKey> = []
      var places: [OpenPlace] = []
      while try rows.next() {
        let address = AddressKey(text: rows.text(0))
        guard seen.insert(address).inserted else { continue }
        var state: OpportunityState = try word(rows.text(1), "opportunity.state")
        if state == .withdrawn { state = rows.int(2) == 1 ? .offered : .waiting }
        let point =
          rows.isNull(8) ? nil : GridPoint(x: rows.double(8), y: rows.double(9))
        places.append(
          OpenPlace(
            address: address, feed: rows.isNull(11) ? "" : rows.text(11), state: state,
            area: rows.text(3), jobType: rows.text(4),
            place: Place(
              address: rows.text(5), postcode: rows.text(6), uprn: rows.text(7), point: point,
              location: try word(rows.text(10), "opportunity.location"))))
      }
      return places
    }
  }
}
