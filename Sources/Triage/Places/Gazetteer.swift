/// Where addresses and postcodes are, lent by Geography to whoever has a job without coordinates.
///
/// Look-ups are on the grid of the deployment and take microseconds.
package struct Gazetteer: Sendable {
  /// A UPRN as a number. - Returns: `nil` where the gazetteer does not have it.
  package let point: @Sendable (_ uprn: UInt64) -> GridPoint?
  /// The middle of a postcode, asked by ``postcodeKey(_:)``.
  package let centroid: @Sendable (_ postcodeKey: String) -> GridPoint?
  /// Whether there is anything in it.
  package let isEmpty: Bool

  package init(
    isEmpty: Bool = false, point: @escaping @Sendable (UInt64) -> GridPoint?,
    centroid: @escaping @Sendable (String) -> GridPoint?
  ) {
    self.isEmpty = isEmpty
    self.point = point
    self.centroid = centroid
  }

  /// Knows nothing.
  package static let none = Gazetteer(isEmpty: true, point: { _ in nil }, centroid: { _ in nil })
}
