import Triage

/// The outcome's questions once more, with what was answered and what is missing.
struct OutcomePage: PageModel {
  var view: String { "outcome" }
  var outcome: OutcomeForm
  var back: String
}

/// The questions that end a claim.
struct OutcomeForm: Sendable {
  var form: HiddenForm
  /// By the outcome's name: whether it is ticked.
  var chose: [String: Bool]
  var consentYes: Bool
  var consentNo: Bool
  /// No outcome was picked.
  var kindMissing: Bool
  /// Help was accepted and nothing said about sharing.
  var consentMissing: Bool

  init(form: HiddenForm, kind: OutcomeKind? = nil, consent: Bool? = nil, refused: Bool = false) {
    self.form = form
    chose = kind.map { [$0.rawValue: true] } ?? [:]
    consentYes = consent == true
    consentNo = consent == false
    kindMissing = refused && kind == nil
    consentMissing = refused && kind == .accepted && consent == nil
  }
}
