import Notify
import Triage

/// `team.yaml`: who is in the team, and who looks after which area.
func readTeam(_ path: String, channels: Set<String>, problems: ProblemList) -> Team? {
  guard let file = Section.read(path, problems: problems) else { return nil }
  var members: [Member] = []
  for section in file.sections("members") {
    let member = Member(
      id: section.requiredText("id"), name: section.requiredText("name"),
      agency: section.text("agency", default: ""), email: section.requiredText("email"),
      channel: section.requiredText("channel"))
    if members.contains(where: { $0.id == member.id }) {
      section.problem(at: "id", "The member '\(member.id)' stands twice.")
    }
    if !member.email.isEmpty, !isMailAddress(member.email) {
      section.problem(at: "email", "'email' takes one address such as ann@example.org.")
    }
    if !member.channel.isEmpty, !channels.contains(member.channel) {
      section.problem(
        at: "channel",
        "There is no channel '\(member.channel)'"
          + (nearest(to: member.channel, among: Array(channels)).map {
            ", did you mean '\($0)'?"
          } ?? "; triaged.yaml names the channels."))
    }
    section.finish()
    members.append(member)
  }
  let ids = members.map(\.id)
  var areas: [Team.AreaTeam] = []
  for section in file.sections("areas") {
    let team = Team.AreaTeam(
      area: section.requiredText("area"), leaders: section.list("leaders"),
      members: section.list("members"),
      weeklyCapacity: section.int("weekly_capacity", default: 5, in: 0...1_000_000))
    if areas.contains(where: { $0.area == team.area }) {
      section.problem(at: "area", "The area '\(team.area)' stands twice.")
    }
    if team.leaders.isEmpty {
      section.problem(
        at: "leaders", "The area '\(team.area)' has no leader: nobody would get its mails.")
    }
    for (key, list) in [("leaders", team.leaders), ("members", team.members)] {
      for id in list where !ids.contains(id) {
        section.problem(
          at: key, "There is no member '\(id)'\(Section.suggestion(for: id, among: ids))")
      }
    }
    for leader in team.leaders where !team.members.contains(leader) {
      section.problem(
        at: "members", severity: .warning,
        "'\(leader)' leads '\(team.area)' and is not among its members, so cannot claim.")
    }
    section.finish()
    areas.append(team)
  }
  if members.isEmpty { file.problem(at: "members", "'members' needs at least one member.") }
  file.finish()
  return Team(members: members, areas: areas)
}
