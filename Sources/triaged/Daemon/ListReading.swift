import FlareImport
import Foundation
import Triage

/// One list as it was read, and how it came.
struct ListReading {
  var list: ImportedList
  var name: String
  var bytes: Int
  var received: Date
  /// Of the list itself.
  var instant: Date
  /// Whether the source says of which instant it is; else that is when it was received.
  var isDated = true
  /// What the source is to remember; `nil` for a list out of the archive.
  var state: FeedState?
  /// By what it is told from another with the same bytes; `nil` for a list out of the archive.
  var delivery: Delivery?
  /// Its name in the archive, where it is there already.
  var archived = ""
  /// Whether a person has looked at it and believes it.
  var isAccepted = false
  /// What reading it took.
  var seconds = 0.0
}
