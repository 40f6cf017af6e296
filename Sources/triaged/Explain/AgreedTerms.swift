import Foundation
import Triage

/// All that a partnership agrees on and signs. Needs no database.
struct AgreedTerms {
  var instance: String
  var rules: Rules
  var team: Team
  var feeds: [FeedTerms]
  /// In their stated order.
  var areas: [(id: String, name: String)]
  /// For so many days lists are kept as they were received.
  var archiveDays = 30
  /// The day on which the page is made.
  var today: CivilDay

  /// What is agreed of one list.
  struct FeedTerms {
    var name: String
    var carriesNotes = false
    var carriesContact = false
    /// Whether it says who the other party of a complaint is.
    var hasOtherParty = false
    var agreement: Agreement?
    var isShadow = false
  }

  func name(ofArea id: String) -> String { areas.first { $0.id == id }?.name ?? id }

  /// Whether the rules' review is overdue.
  var isOverdue: Bool { CivilDay(rules.reviewOn).map { $0 < today } ?? false }
}

extension CivilDay {
  /// "2 November 2026".
  var long: String { "\(inWords) \(parts.year)" }
}

/// "2 November 2026" of "2026-11-02"; what is no date stays as it is written.
func longDate(_ text: String) -> String { CivilDay(text)?.long ?? text }
