import HTTPTypes
import Triage

/// What can be wrong with who somebody says that they are, or who goes along.
enum NameProblem: Equatable {
  case noName, second
  case pin(left: Int)

  init?(_ error: ClaimError) {
    switch error {
    case .needsSecond: self = .second
    case .wrongPIN(let left): self = .pin(left: left)
    default: return nil
    }
  }

  var status: HTTPResponse.Status {
    if case .pin = self { .forbidden } else { .unprocessableContent }
  }
}

/// Names to pick.
extension ClaimRoom {
  /// The fields in which somebody says who they are: their name, their PIN where anybody here has one, who goes
  /// along. A list with an empty first entry, not radio buttons: a mail scanner that presses everything would
  /// choose one of those. Where a trusted proxy names the person, there is nothing to say.
  /// - Parameter opens: what is held or done is opened, also by who is none of the area's members.
  func names(
    _ offer: Offer, asksSecond: Bool, wrong: NameProblem?, opens: Bool = false
  ) -> [Field] {
    var fields: [Field] = []
    if visitor.proxyMember == nil {
      var field = Field.list("member", words[.label, "member"], first: words[.first, "member"])
      for member in offer.members + (opens ? offer.others : []) {
        field.add(member.id, named(member))
      }
      if wrong == .noName { field.isWrong(words[.problemText, "member"]) }
      fields.append(field)
      if !offer.withPIN.isEmpty {
        var field = Field(
          id: "pin", name: "pin", label: words[.label, "pin"], help: words[.help, "pin"])
        field.isPIN = true
        if case .pin(let left) = wrong { field.isWrong(words.counted(left, .wrongPIN)) }
        fields.append(field)
      }
    }
    if asksSecond {
      var field = Field.list(
        "second", words[.label, "second"], first: words[.first, "second"],
        help: words[.help, "second"])
      field.groups = grouped(offer.members.filter { $0.id != visitor.proxyMember }) {
        others(offer.members, $0)
      }
      if wrong == .second { field.isWrong(words[.problemText, "second"]) }
      fields.append(field)
    }
    return fields
  }

  /// Members by agency. Where it is known who goes, those of other agencies come first.
  func grouped(
    _ members: [Member], isLast: (_ agency: String) -> Bool = { _ in false }
  ) -> [Field.Group] {
    var agencies: [String] = []
    for member in members where !agencies.contains(member.agency) { agencies.append(member.agency) }
    let sorted = agencies.filter { !isLast($0) } + agencies.filter(isLast)
    return sorted.map { agency in
      Field.Group(
        heading: agency.isEmpty ? words[.noAgency] : agency,
        options: members.filter { $0.agency == agency }.map {
          Field.Option(id: "", field: "", value: $0.id, text: $0.name)
        })
    }
  }

  private func others(_ members: [Member], _ agency: String) -> Bool {
    members.first { $0.id == visitor.proxyMember }?.agency == agency
  }

  private func named(_ member: Member) -> String {
    member.agency.isEmpty ? member.name : "\(member.name) (\(member.agency))"
  }

  /// Why it is taken from somebody. A list too: anybody with the link sees it.
  func takeOverWhy(_ press: Press) -> Field {
    var field = Field.list("why", words[.label, "why"], first: words[.first, "why"])
    for why in TakeOverReason.allCases {
      field.add(
        why.rawValue, words[.takeOver, why.rawValue], chosen: press.form["why"] == why.rawValue)
    }
    return field
  }
}
