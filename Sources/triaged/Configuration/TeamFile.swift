import Notify
import Triage

/// `team.yaml`: who is in the team, on what ground, and who looks after which area.
/// - Parameter today: by which secondments, exceptions and agreements have ended.
func readTeam(
  _ path: String, channels: Set<String>, paths: PathRules, announcing: AnnounceGround,
  today: CivilDay, problems: ProblemList
) -> Team? {
  guard let file = Section.read(path, problems: problems) else { return nil }
  let agencies = readAgencies(file, today: today)
  let members = readMembers(file, channels: channels, paths: paths)
  var team = Team(
    members: members.map(\.member), areas: [], agencies: agencies,
    openClaimsPerPerson: file.has("open_claims_per_person")
      ? file.int("open_claims_per_person", default: 1, in: 1...1000) : nil,
    duty: readDuty(file, channels: channels))
  for read in members {
    checkAgency(of: read.member, in: team, read.section)
    checkDeputy(of: read.member, in: team, read.section)
  }
  if agencies.isEmpty, let first = members.first {
    first.section.problem(
      nil, severity: .warning,
      "The file has no 'agencies': on what ground do these people take part?")
  }
  let announce = readAnnounce(file, area: nil, announcing)
  for section in file.sections("areas") {
    var area = readAreaTeam(section, channels: channels)
    area.announce = readAnnounce(section, area: area.area, announcing)
    if area.announce == nil, let announce {
      area.announce = announce
      // Where the rules of all areas lack the band, that is told already.
      if announcing.hasBand(of: announce, in: nil) {
        checkBand(of: announce, in: area.area, section, announcing)
      }
    }
    if team.areas.contains(where: { $0.area == area.area }) {
      section.problem(at: "area", "The area '\(area.area)' stands twice.")
    }
    section.mention(area: area.area, at: section.node("area"))
    checkPeople(of: area, in: team, section)
    team.areas.append(area)
    checkLeaders(of: area, in: team, on: today, section)
    if team.duty == nil, area.duty == nil, !section.has("duty"), !file.has("duty") {
      section.problem(
        at: "area",
        "The line of '\(area.area)' has no end: say whose mailbox is told when nobody acts, with 'duty' here or "
          + "for the whole team.")
    }
    section.finish()
  }
  if members.isEmpty { file.problem(at: "members", "'members' needs at least one member.") }
  file.finish()
  return team
}

/// One entry under `areas`.
private func readAreaTeam(_ section: Section, channels: Set<String>) -> Team.AreaTeam {
  let paused = section.text("paused")
  if paused == "" || paused.map({ ["true", "yes", "on"].contains($0.lowercased()) }) == true {
    section.problem(
      at: "paused", "'paused' takes the reason, in words, such as \"staff are away\".")
  }
  return Team.AreaTeam(
    area: section.requiredText("area"), leaders: section.list("leaders"),
    members: section.list("members"),
    weeklyCapacity: section.int("weekly_capacity", default: 5, in: 0...1_000_000),
    drawnPercent: readPercent("drawn", default: 10, in: section),
    isShadow: section.bool("shadow", default: false), paused: paused,
    visitsNeedTwo: section.bool("visits_need_two", default: true),
    duty: readDuty(section, channels: channels))
}

/// `duty: {email: duty@example.org, channel: post}`: the end of the line.
private func readDuty(_ section: Section, channels: Set<String>) -> Team.DutyMailbox? {
  guard let part = section.section("duty") else { return nil }
  let duty = Team.DutyMailbox(
    email: part.requiredText("email"), channel: part.requiredText("channel"))
  if !duty.email.isEmpty, !isMailAddress(duty.email) {
    part.problem(at: "email", "'email' takes one address such as duty@example.org.")
  }
  checkChannel(duty.channel, among: channels, in: part)
  part.finish()
  return duty
}

/// `10%`, or a bare number.
private func readPercent(_ key: String, default fallback: Int, in section: Section) -> Int {
  guard let text = section.text(key) else { return fallback }
  if let number = Int(text.hasSuffix("%") ? String(text.dropLast()) : text),
    (0...100).contains(number)
  {
    return number
  }
  section.problem(at: key, "'\(key)' takes per cent from 0% to 100%, such as 10%.")
  return fallback
}

/// Those who are named are there, and may do what they are named for.
private func checkPeople(of area: Team.AreaTeam, in team: Team, _ section: Section) {
  let ids = team.members.map(\.id)
  if area.leaders.isEmpty {
    section.problem(
      at: "leaders", "The area '\(area.area)' has no leader: nobody would get its mails.")
  }
  for key in ["leaders", "members"] {
    for item in section.items(key) {
      guard let member = team.member(item.text) else {
        section.problem(item.node, noMember(item.text, among: ids))
        continue
      }
      guard let kind = team.agency(of: member)?.kind else { continue }
      if key == "leaders", !kind.mayLead {
        section.problem(
          item.node,
          "'\(item.text)' is of an agency of class \(kind.rawValue), which sees summaries alone and leads no area."
        )
      } else if key == "members", !kind.mayClaim {
        section.problem(
          item.node,
          "'\(item.text)' is of an agency of class \(kind.rawValue), which claims nothing.")
      }
    }
  }
  for leader in area.leaders where !area.members.contains(leader) {
    guard let member = team.member(leader), team.agency(of: member)?.kind.mayClaim ?? true else {
      continue
    }
    section.problem(
      at: "members", severity: .warning,
      "'\(leader)' leads '\(area.area)' and is not among its members, so cannot claim.")
  }
}

/// Nobody is told of an area whose leaders have all gone. It stops no start, since a day passes by itself;
/// the running service says it too.
private func checkLeaders(
  of area: Team.AreaTeam, in team: Team, on today: CivilDay, _ section: Section
) {
  let leaders = area.leaders.compactMap(team.member)
  guard !leaders.isEmpty, leaders.allSatisfy({ ($0.until ?? today) < today }) else { return }
  let hasDeputy = !team.leaders(of: area.area, on: today).isEmpty
  section.problem(
    at: "leaders", severity: .warning,
    "The secondment of every leader of '\(area.area)' has ended: "
      + (hasDeputy ? "only deputies are told." : "nobody is told of its opportunities."))
}
