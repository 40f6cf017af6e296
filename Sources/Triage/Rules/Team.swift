/// Somebody of the support team, from `team.yaml`.
package struct Member: Hashable, Sendable, Identifiable {
  package var id: String
  package var name: String
  /// The name of an ``Agency`` of the team.
  package var agency: String
  package var email: String
  /// Where announcements go, by channel name.
  package var channel: String
  /// The first and the last day of a secondment; `nil`: without end.
  package var from: CivilDay?
  package var until: CivilDay?
  /// Away from the first day to the last; the deputy gets what a leader would get.
  package var away: ClosedRange<CivilDay>?
  /// A member's id.
  package var deputy: String?
  /// The channel by which they are told what must not be missed, beside ``channel``; `nil`: there is none.
  package var alarmChannel: String?
  /// Where the file with this member's PIN lies; `nil`: none is asked.
  package var pinFile: String?

  package init(
    id: String, name: String, agency: String, email: String, channel: String,
    from: CivilDay? = nil, until: CivilDay? = nil, away: ClosedRange<CivilDay>? = nil,
    deputy: String? = nil, pinFile: String? = nil, alarmChannel: String? = nil
  ) {
    self.alarmChannel = alarmChannel
    self.pinFile = pinFile
    self.id = id
    self.name = name
    self.agency = agency
    self.email = email
    self.channel = channel
    self.from = from
    self.until = until
    self.away = away
    self.deputy = deputy
  }

  /// Whether the secondment holds on a day.
  package func isSeconded(on day: CivilDay) -> Bool {
    (from.map { $0 <= day } ?? true) && (until.map { day <= $0 } ?? true)
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
    /// Per cent of the places that are drawn by lot.
    package var drawnPercent: Int
    /// On trial: everything runs and is listed, nothing is announced.
    package var isShadow: Bool
    /// Why nothing new is offered at the moment; `nil`: it is.
    package var paused: String?
    /// Who goes along is named with the claim of a visit.
    package var visitsNeedTwo: Bool
    /// The end of the line: who is told when nobody else has acted; `nil`: the team's.
    package var duty: DutyMailbox?
    /// When its leaders are told; `nil`: at once.
    package var announce: AnnouncementSchedule?

    package init(
      area: String, leaders: [String], members: [String], weeklyCapacity: Int,
      drawnPercent: Int = 10, isShadow: Bool = false, paused: String? = nil,
      visitsNeedTwo: Bool = true, duty: DutyMailbox? = nil,
      announce: AnnouncementSchedule? = nil
    ) {
      self.announce = announce
      self.visitsNeedTwo = visitsNeedTwo
      self.duty = duty
      self.area = area
      self.leaders = leaders
      self.members = members
      self.weeklyCapacity = weeklyCapacity
      self.drawnPercent = drawnPercent
      self.isShadow = isShadow
      self.paused = paused
    }
  }

  package var members: [Member]
  package var areas: [AreaTeam]
  package var agencies: [Agency]
  /// Claims that one person may hold at a time; `nil`: any number.
  package var openClaimsPerPerson: Int?
  /// Who is told when nobody else has acted, where an area names nobody of its own.
  package var duty: DutyMailbox?

  package struct DutyMailbox: Hashable, Sendable {
    package var email: String
    package var channel: String

    package init(email: String, channel: String) {
      self.email = email
      self.channel = channel
    }
  }

  package init(
    members: [Member], areas: [AreaTeam], agencies: [Agency] = [], openClaimsPerPerson: Int? = nil,
    duty: DutyMailbox? = nil
  ) {
    self.duty = duty
    self.members = members
    self.areas = areas
    self.agencies = agencies
    self.openClaimsPerPerson = openClaimsPerPerson
  }

  package func member(_ id: String) -> Member? { members.first { $0.id == id } }

  package func area(_ id: String) -> AreaTeam? { areas.first { $0.area == id } }

  package func agency(of member: Member) -> Agency? {
    agencies.first { $0.name == member.agency }
  }

  /// Whether somebody may be told or may claim on a day: seconded, and of an agency that may.
  ///
  /// An agency that the file does not describe is taken for one of the support team.
  package func isActive(_ member: Member, on day: CivilDay) -> Bool {
    member.isSeconded(on: day) && (agency(of: member)?.isActive(on: day) ?? true)
  }

  /// Those who may claim in an area on a day, in the order of the team file.
  package func members(of area: String, on day: CivilDay) -> [Member] {
    let ids = Set(self.area(area)?.members ?? [])
    return members.filter { member in
      ids.contains(member.id) && isActive(member, on: day)
        && agency(of: member)?.kind.mayClaim ?? true
    }
  }

  /// Those who are told of an area's opportunities on a day: its leaders, and in the place of one who is
  /// away or gone the deputy.
  package func leaders(of area: String, on day: CivilDay) -> [Member] {
    var ids: Set<String> = []
    for id in self.area(area)?.leaders ?? [] {
      guard let leader = member(id) else { continue }
      if isActive(leader, on: day), leader.away?.contains(day) != true {
        ids.insert(id)
      } else if let deputy = leader.deputy.flatMap(member), isActive(deputy, on: day) {
        ids.insert(deputy.id)
      }
    }
    return members.filter { ids.contains($0.id) }
  }

  /// Whether the links of a member are good in an area on a day: of those who are told of it, and of its
  /// leaders who are away.
  package func leads(_ id: String, in area: String, on day: CivilDay) -> Bool {
    if leaders(of: area, on: day).contains(where: { $0.id == id }) { return true }
    guard let member = member(id), self.area(area)?.leaders.contains(id) == true else {
      return false
    }
    return isActive(member, on: day)
  }
}
