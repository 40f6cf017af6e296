import FlareImport
import Foundation
import Notify
import Storage
import Transfer
import Triage

/// The inventory of a configuration.
func makeInventory(_ configuration: Configuration, today: CivilDay) -> DataInventory {
  DataInventory(
    instance: configuration.instance, day: today.description,
    lists: configuration.feeds.map(listInventory),
    classes: DataClass.allCases.map { classInventory($0, configuration.retention) },
    recipients: recipients(configuration.team) + agencies(configuration.team, today)
      + roles(configuration),
    channels: configuration.channels.sorted { $0.key < $1.key }.map(channelInventory),
    files: files(configuration), notKept: notKept(configuration))
}

private func listInventory(_ feed: Feed) -> DataInventory.ListInventory {
  DataInventory.ListInventory(
    name: feed.name, source: sourceInWords(feed.settings.source),
    agreement: feed.agreement.map { agreement in
      agreement.reference + (agreement.ends.map { ", ends on \($0.long)" } ?? ", without end")
    } ?? "none is named",
    fields: ListField.allCases.compactMap { field in
      let headings = field.headings(in: feed.settings.columns)
      if headings.isEmpty { return nil }
      let isKept = field.isKept(feed.settings)
      let never = ListField.Stages(mail: "no", page: "no", claimed: "no")
      return .init(
        field: field, headings: headings, isKept: isKept,
        stages: isKept ? field.stages : never, purpose: field.personal.purpose)
    })
}

/// A URL's query may hold a key, so that of a URL the host is told.
private func sourceInWords(_ source: FeedSettings.Source) -> String {
  switch source {
  case .folder(let path, let pattern): "files \(pattern) in the folder \(path) of this machine"
  case .file(let path): "the file \(path) of this machine"
  case .url(let url): "from \(host(url)), by HTTPS"
  case .remoteFolder(let folder):
    "files \(folder.pattern) in a folder of \(host(folder.url))"
  case .open311(let settings): "an Open311 server, \(host(settings.endpoint))"
  }
}

private func host(_ url: String) -> String { URL(string: url)?.host() ?? "another machine" }

private func classInventory(
  _ dataClass: DataClass, _ retention: RetentionDays
) -> DataInventory.ClassInventory {
  let counted =
    switch dataClass.keeping {
    case .days: "From \(dataClass.countedFrom)."
    case .untilNotNeeded(let why): why
    }
  return DataInventory.ClassInventory(
    dataClass: dataClass, name: dataClass.inWords, days: retention[dataClass], counted: counted,
    fields: storedFields(of: dataClass).map {
      .init(
        field: $0.field, whose: $0.field.whose, what: $0.field.inWords, purpose: $0.field.purpose,
        seenBy: $0.field.seenBy, columns: $0.columns)
    })
}

// MARK: - To whom

private func recipients(_ team: Team) -> [DataInventory.Recipient] {
  team.members.map { member in
    let leads = team.areas.filter { $0.leaders.contains(member.id) }.map(\.area)
    let claims = team.areas.filter { $0.members.contains(member.id) }.map(\.area)
    var parts: [String] = []
    if !leads.isEmpty { parts.append("told of each opportunity in \(andList(leads))") }
    if !claims.isEmpty, team.agency(of: member)?.kind.mayClaim ?? true {
      parts.append("may claim in \(andList(claims))")
    }
    if let deputy = member.deputy { parts.append("in whose place \(deputy) is told when away") }
    return DataInventory.Recipient(
      who: member.id, agency: member.agency,
      role: parts.isEmpty ? "is told of nothing" : parts.joined(separator: "; "),
      channels: [member.channel] + (member.alarmChannel.map { [$0] } ?? []))
  }
}

/// Services hear of single residents too: by a note, where one has agreed to that.
private func agencies(_ team: Team, _ today: CivilDay) -> [DataInventory.Recipient] {
  team.agencies.map { agency in
    var parts = [
      agencyRole(agency, today), "agreement: \(agreementInWords(agency.agreement, today))",
    ]
    if agency.kind.mayHear {
      parts.append("is handed a note about a resident who has agreed to that")
    }
    return DataInventory.Recipient(
      who: "the service", agency: agency.name, role: parts.joined(separator: "; "), channels: [])
  }
}

/// Who is no member of the team.
private func roles(_ configuration: Configuration) -> [DataInventory.Recipient] {
  var rows: [DataInventory.Recipient] = []
  if let admin = configuration.admin {
    rows.append(
      .init(
        who: "the administrator", agency: "",
        role:
          "told of troubles of lists, mail and settings, without an address of a resident; may ask for everything "
          + "on the machine itself",
        channels: [admin.channel] + (admin.alarmChannel.map { [$0] } ?? [])))
  }
  var seen: Set<String> = []
  let mailboxes = [configuration.team.duty] + configuration.team.areas.map(\.duty)
  for duty in mailboxes.compactMap(\.self) where seen.insert(duty.channel + duty.email).inserted {
    rows.append(
      .init(
        who: "the duty mailbox", agency: "",
        role:
          "told where nobody claims, or somebody is late from a visit: numbers and names of the team, no address",
        channels: [duty.channel]))
  }
  if configuration.alive != nil {
    rows.append(
      .init(
        who: "the watcher outside", agency: "",
        role: "asked once a day where all is well; it is told nothing more", channels: []))
  }
  return rows
}

private func channelInventory(
  _ name: String, _ channel: Channel
) -> DataInventory.ChannelInventory {
  let (goesTo, carries): (String, String) =
    switch channel {
    case .smtp(let settings):
      ("the mail relay \(andList(settings.relays.map(\.host)))", mailCarries)
    case .maildir(let settings): ("the folder \(settings.path) of this machine", mailCarries)
    case .webhook(let settings):
      (
        "a program at \(host(settings.url))",
        "ids of members, numbers and links; no street, no kind of job"
      )
    case .teams: ("a channel of Microsoft Teams", cardCarries)
    case .slack: ("a channel of Slack", cardCarries)
    case .govukNotify: ("GOV.UK Notify, which sends the mail", mailCarries)
    }
  let readBy =
    switch channel.reach {
    case .mailbox: "whoever it is addressed to, and who runs the mail systems between"
    case .folder: "whoever may read that folder"
    case .many: "everybody in that channel or program"
    }
  return .init(name: name, goesTo: goesTo, carries: carries, readBy: readBy)
}

private let mailCarries =
  "street without a number, outward postcode, kind of job, age, reasons, links; no name or house number of a resident"
private let cardCarries =
  "street without a number, kind of job, age, band, reasons, links; no name or house number of a resident"

// MARK: - Beside the database

private func files(_ configuration: Configuration) -> [String] {
  let days = configuration.archiveDays
  var sentences = [
    days == 0
      ? "The archive of lists as they were received keeps none but those that wait for a person."
      : "The archive keeps lists as they were received, with every column and every row of them, for "
        + "\(CivilWords.counted(days, "day")), readable by the daemon alone.",
    "Downloads under way lie in the spool until they are read.",
    backups(configuration.backup),
    "A database whose place a backup has taken lies in aside/ of the state folder for as long as backups are kept.",
    "erasures.jsonl has fingerprints, by a key of this instance, of who was erased, for good: in the state folder and "
      + "beside the backups.",
    "The contact register (register.csv and its boundary files) is the council's own file: it is read, and not copied.",
    "The team file has names, mail addresses, agencies and days of absence of the team, for as long as they stand in it.",
    "The journal has ids, numbers and counts: no address, no name, no link. How long it is kept, the machine's own "
      + "settings say.",
  ]
  if FileManager.default.fileExists(atPath: configuration.gazetteerFile) {
    sentences.append("The gazetteer has the places of UPRNs and postcodes, and nothing of persons.")
  }
  return sentences
}

private func backups(_ settings: BackupSettings) -> String {
  let when = settings.minutes == nil ? "when somebody asks for one" : "every day"
  let how = settings.encryption == nil ? "not encrypted" : "encrypted"
  return "Backups hold the whole database: made \(when), \(how), kept for "
    + "\(CivilWords.counted(settings.keepDays, "day"))."
}

private func notKept(_ configuration: Configuration) -> [String] {
  var sentences = [
    "Columns of a list that nobody has mapped, and rows outside every area, but in the archive.",
    "Columns that tell of health, belief, origin, sex life or conviction: they may not be mapped.",
    "Links: of each its SHA-256 is kept.",
    "A hand-off note to another service: it is made when somebody asks, and kept nowhere; that it was made is in the audit.",
    "Mails about opportunities, once they are sent: who was told of which, and when it was accepted.",
  ]
  let (notes, contact) = (ListField.notes, ListField.contact)
  for field in [notes, contact] {
    let without = configuration.feeds.filter { !field.isKept($0.settings) }.map(\.name)
    if !without.isEmpty {
      sentences.append("\(field.inWords), from \(andList(without)): the list may not carry them.")
    }
  }
  return sentences
}
