import Foundation

/// What one list changed in a ``Ledger``: this, and nothing else, is to be written.
package struct LedgerChange: Hashable, Sendable {
  /// Jobs that are new or say something else, in the order of the list.
  package var written: [LedgerEntry] = []
  /// Jobs that say the same and are listed, or gone, since another instant.
  package var relisted: [Relisting] = []
  /// Fingerprints of references without a usable place.
  package var unplaced: [Int64: Listed] = [:]
  /// The instant of the newest complete list, where this list is the newest.
  package var complete: Date?
  /// Of the list's jobs; they add up to them.
  package var new = 0, changed = 0, unchanged = 0
  /// Jobs of the list that a newer list, or a later row, has said something else of.
  package var overtaken = 0

  package init() {}

  /// How many jobs were taken for gone that were not before.
  package var gone: Int { relisted.count { $0.isNewlyGone } }
}

/// A job that no longer is where it was in the lists; its content stays.
package struct Relisting: Hashable, Sendable {
  package var id: JobRef
  package var listed: Listed
  package var gone: Date?
  package var isNewlyGone: Bool

  package init(id: JobRef, listed: Listed, gone: Date?, isNewlyGone: Bool) {
    self.id = id
    self.listed = listed
    self.gone = gone
    self.isNewlyGone = isNewlyGone
  }
}

/// A job with the list that spoke of it last.
package struct LedgerEntry: Hashable, Sendable {
  package var job: Job
  package var listed: Listed
  /// Whether an area still holds it: when boundaries change, what they left out is not missing.
  package var isInArea: Bool

  package init(job: Job, listed: Listed, isInArea: Bool = true) {
    self.job = job
    self.listed = listed
    self.isInArea = isInArea
  }
}
