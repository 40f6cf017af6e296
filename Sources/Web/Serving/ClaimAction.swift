/// What a form of a claim link can do. The raw value is the last part of its address.
enum ClaimAction: String, CaseIterable {
  /// From a page that anybody with the link can open: a name is picked in them.
  case claim, open
  case takeOver = "take-over"
  /// From a page that only the holder got: bound to that member.
  case undo, release, renew, pass, snooze, decline, keep, outcome, sheet, calendar
  case visitAgain = "visit-again"
  case setOut = "set-out"
  case back
  case withdraw = "withdraw-consent"
  case handOff = "hand-off"

  /// Whether its form lets somebody say who they are.
  var picksName: Bool { [.claim, .open, .takeOver].contains(self) }
}
