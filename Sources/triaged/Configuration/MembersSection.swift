import Foundation
import Notify
import Triage

/// A member with where they stand.
struct ReadMember {
  var member: Member
  var section: Section
}

/// `members` of `team.yaml`.
func readMembers(_ file: Section, channels: Set<String>, paths: PathRules) -> [ReadMember] {
  var members: [ReadMember] = []
  for section in file.sections("members") {
    let member = Member(
      id: readID(section), name: section.requiredText("name"),
      agency: section.text("agency", default: ""), email: section.requiredText("email"),
      channel: section.requiredText("channel"), from: section.civilDay("from"),
      until: section.civilDay("until"), away: readAway(section), deputy: section.text("deputy"),
      pinFile: section.text("pin_file").map(paths.resolve),
      alarmChannel: section.text("alarm_channel"))
    checkPIN(member, section, paths)
    if !member.id.isEmpty, members.contains(where: { $0.member.id == member.id }) {
      section.problem(at: "id", "The member '\(member.id)' stands twice.")
    }
    if !member.email.isEmpty, !isMailAddress(member.email) {
      section.problem(at: "email", "'email' takes one address such as ann@example.org.")
    }
    checkChannel(member.channel, among: channels, in: section)
    if let alarm = member.alarmChannel {
      checkChannel(alarm, among: channels, in: section, key: "alarm_channel")
      if alarm == member.channel {
        section.problem(
          at: "alarm_channel", severity: .warning,
          "'alarm_channel' is the channel of all mails to '\(member.id)': where that fails, so does the alarm."
        )
      }
    }
    if let from = member.from, let until = member.until, until < from {
      section.problem(at: "until", "The secondment of '\(member.id)' ends before it begins.")
    }
    section.finish()
    members.append(ReadMember(member: member, section: section))
  }
  return members
}

/// The journal, metrics and subjects of mails have ids in the place of names, so an id is no name and no mail address.
/// - Returns: empty where it is missing or cannot be one; then no other message repeats it either.
private func readID(_ section: Section) -> String {
  let id = section.requiredText("id")
  guard !isMemberID(id), !id.isEmpty else { return id }
  section.problem(
    at: "id",
    "'id' takes 1 to 40 small letters, digits and hyphens: it stands in the journal, where names and mail "
      + "addresses do not.")
  return ""
}

func isMemberID(_ text: String) -> Bool { (1...40).contains(text.count) && isPlainID(text) }

/// Whether there is nothing but small letters, digits and hyphens in it, as in ids of ours.
func isPlainID(_ text: String) -> Bool {
  text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
}

/// What is said of a name that no member has; one that cannot be an id may be a person's, and is not repeated.
func noMember(_ id: String, among ids: [String]) -> String {
  guard isMemberID(id) else { return "There is no member of that id; 'members' has them." }
  let meant = Section.suggestion(for: id, among: ids)
  return "There is no member '\(id)'\(meant.isEmpty ? "." : meant)"
}

func checkChannel(
  _ channel: String, among channels: Set<String>, in section: Section, key: String = "channel"
) {
  guard !channel.isEmpty, !channels.contains(channel) else { return }
  section.problem(
    at: key,
    "There is no channel '\(channel)'"
      + (nearest(to: channel, among: channels.sorted()).map { ", did you mean '\($0)'?" }
        ?? "; triaged.yaml names the channels."))
}

/// The file is there and holds what can be typed; what it holds is told nowhere.
private func checkPIN(_ member: Member, _ section: Section, _ paths: PathRules) {
  guard let path = member.pinFile, !isOutOfReach(section, "pin_file", paths) else { return }
  warnOfService(section, "pin_file", path)
  switch readPIN(path) {
  case nil:
    section.problem(
      at: "pin_file", cause: .file,
      "The PIN file of '\(member.id)' cannot be read: \(named(section, "pin_file", path)) is not there or too "
        + "long, or this user may not read it."
    )
  case let pin? where !(6...64).contains(pin.count):
    // Six digits are 20 bits (OWASP ASVS 5.0, 6.5.4).
    section.problem(
      at: "pin_file", "The PIN of '\(member.id)', in \(path), takes 6 to 64 characters.")
  default: break
  }
}

/// What a PIN file holds, without the line's end; `nil` where it cannot be read.
func readPIN(_ path: String) -> String? {
  guard let data = FileManager.default.contents(atPath: path), data.count <= 1024 else {
    return nil
  }
  return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}

/// `away: {from: 2026-12-21, until: 2027-01-04}`, both days among it.
private func readAway(_ section: Section) -> ClosedRange<CivilDay>? {
  guard let part = section.section("away") else { return nil }
  let (from, until) = (part.requiredCivilDay("from"), part.requiredCivilDay("until"))
  part.finish()
  guard let from, let until else { return nil }
  guard from <= until else {
    part.problem(at: "until", "'away' ends before it begins.")
    return nil
  }
  return from...until
}

func checkAgency(of member: Member, in team: Team, _ section: Section) {
  guard !team.agencies.isEmpty, team.agency(of: member) == nil else { return }
  let names = team.agencies.map(\.name)
  if member.agency.isEmpty {
    section.problem(nil, "'agency' is missing: which of 'agencies' is '\(member.id)' of?")
    return
  }
  let meant = Section.suggestion(for: member.agency, among: names)
  section.problem(
    at: "agency",
    "There is no agency '\(member.agency)'\(meant.isEmpty ? "; describe it under 'agencies'." : meant)"
  )
}

func checkDeputy(of member: Member, in team: Team, _ section: Section) {
  guard let id = member.deputy else { return }
  if id == member.id {
    section.problem(at: "deputy", "'\(id)' cannot stand in for themselves.")
    return
  }
  guard let deputy = team.member(id) else {
    section.problem(at: "deputy", noMember(id, among: team.members.map(\.id)))
    return
  }
  if let kind = team.agency(of: deputy)?.kind, !kind.mayLead {
    section.problem(
      at: "deputy",
      "'\(id)' is of an agency of class \(kind.rawValue), which sees summaries alone and leads no area."
    )
  }
}
