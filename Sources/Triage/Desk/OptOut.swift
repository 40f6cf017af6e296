import Foundation

/// Somebody who was visited or called asked not to be contacted again. It holds for the place from then on,
/// like an entry of the contact register, and outlives the opportunity that it came of.
package struct OptOut: Hashable, Sendable {
  package var place: Place
  /// The member who recorded it.
  package var by: String
  package var at: Date
  package var opportunity: Int64

  package init(place: Place, by: String, at: Date, opportunity: Int64) {
    self.place = place
    self.by = by
    self.at = at
    self.opportunity = opportunity
  }
}
