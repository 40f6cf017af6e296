import Foundation
import HTTPTypes
import Triage

/// From what the desk answers to a page.
extension ClaimRoom {
  func page(for answer: DeskAnswer, _ press: Press) -> Page {
    switch answer {
    case .claimed(let view, let receipt): Page(.ok, claimed(view, receipt, press))
    case .done(let receipt): Page(.ok, done(receipt, press))
    case .sheet(let sheet): Page(.ok, SheetPage(sheet, speech, back: reopening(press)))
    case .calendar(let text):
      Page(file: text, type: "text/calendar; charset=utf-8", name: "visit.ics")
    case .handOff(let note): Page(.ok, HandOffPage(note, speech))
    }
  }

  private func claimed(_ view: ClaimedView, _ receipt: Receipt?, _ press: Press) -> ClaimedPage {
    let (holder, generation) = (view.claim.holder, view.claim.generation)
    var form: [String: HiddenForm] = [:]
    for action in ClaimAction.allCases {
      form[action.fieldName] = hidden(action, press.token, holder.id, generation)
    }
    form[ClaimAction.back.fieldName]?.outing = view.claim.outing?.id
    let undo =
      receipt?.undo
      ?? view.undoUntil.map { .init(member: holder.id, generation: generation, until: $0) }
    return ClaimedPage(
      view, banner: banner(view, receipt), speech, now: now(), undo: undoForm(undo, press),
      form: form)
  }

  /// What was just done, in a sentence.
  private func banner(_ view: ClaimedView, _ receipt: Receipt?) -> String {
    let claimed = words.filled(
      .claimedBy, ["holder": view.claim.holder.name, "since": speech.moment(view.claim.since)])
    guard let receipt, receipt.action != "claim" else { return claimed }
    let text = words.filled(
      .after, receipt.action,
      [
        "name": receipt.name ?? view.claim.holder.name,
        "until": speech.moment(receipt.until ?? view.claim.until),
      ])
    return text.isEmpty ? claimed : text
  }

  private func undoForm(_ undo: Receipt.Undo?, _ press: Press) -> UndoForm? {
    guard let undo, now() < undo.until else { return nil }
    return UndoForm(
      until: speech.clock(undo.until),
      form: hidden(.undo, press.token, undo.member, undo.generation))
  }

  /// It is the member's no longer.
  private func done(_ receipt: Receipt, _ press: Press) -> NoticePage {
    let notice: Notice =
      switch receipt.action {
      case "release": .released
      case "pass": .passed
      case "decline": .declined
      case "outcome":
        receipt.outcome == .accepted && receipt.consent == false ? .recordedPrivately : .recorded
      case "withdraw-consent": .consentWithdrawn
      case "consent": .consentStands
      case "undo": .undone
      case "set-out": .setOut
      case "back": .backFromVisit
      // Whoever opens what they recorded is told what it was.
      default: receipt.outcome == nil ? .undone : .recorded
      }
    var page = NoticePage(notice, name: receipt.name)
    if [.undone, .released, .setOut, .backFromVisit].contains(notice) {
      page.back = path(press.token)
    }
    page.undo = undoForm(receipt.undo, press)
    let generation = receipt.undo?.generation ?? receipt.generation
    if let outing = receipt.outing {
      var form = hidden(.back, press.token, press.member, generation)
      form.outing = outing.id
      page.out = NoticePage.Out(by: speech.moment(outing.backBy), form: form)
    }
    if receipt.consent == true {
      page.withdraw = hidden(.withdraw, press.token, press.member, generation)
      if !receipt.handOffTo.isEmpty {
        var form = hidden(.handOff, press.token, press.member, generation)
        form.agencies = receipt.handOffTo.joined(separator: "\n")
        page.handOff = form
      }
    }
    return page
  }
}

extension ClaimAction {
  /// Its name in a template.
  fileprivate var fieldName: String { rawValue.replacing("-", with: "_") }
}
