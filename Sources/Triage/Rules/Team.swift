/// Somebody of the support team, from `team.yaml`.
package struct Member: Hashable, Sendable, Identifiable, Codable {
  package var id: String
  package var name: String
  package var agency: String
  package var email: String
  /// Where announcements go, by channel name.
  package var channel: String

  package init(id: String, name: String, agency: String, email: String, channel: String) {
    self.id = id
    self.name = name
    self.agency = agency
    self.email = email
    self.channel = channel
  }
}

/// Who looks after which area, and how much at a time.
package struct Team: Hashable, Sendable {
  package struct AreaTeam: Hashable, Sendable {
    package var area: String
    /// The members to whom opportunities are announced.
    package var leaders: [String]
    /// The members who may claim, leaders among them.
    package var members: [String]
    /// New opportunities offered in a calendar week (Monday to Sunday, civil time).
    package var weeklyCapacity: Int

    package init(area: String, leaders: [String], members: [String], weeklyCapacity: Int) {
      self.area = area
      self.leaders = leaders
      self.members = members
      self.weeklyCapacity = weeklyCapacity
    }
  }

  package var members: [Member]
  package var areas: [AreaTeam]

  package init(members: [Member], areas: [AreaTeam]) {
    self.members = members
    self.areas = areas
  }

  package func member(_ id: String) -> Member? { members.first { $0.id == id } }

  package func area(_ id: String) -> AreaTeam? { areas.first { $0.area == id } }

  /// In the order of the team file.
  package func members(of area: String) -> [Member] {
    let ids = Set(self.area(area)?.members ?? [])
    return members.filter { ids.contains($0.id) }
  }

  package func leaders(of area: String) -> [Member] {
    let ids = Set(self.area(area)?.leaders ?? [])
    return members.filter { ids.contains($0.id) }
  }
}
