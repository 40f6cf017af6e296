import Foundation
import Storage
import Triage

extension AdminOffice {
  /// Ends the pilot of an area, or of all, and erases what is there at once or on a day. Without `isMeant` it says what
  /// it would do.
  func closePilot(_ wish: ClosePilotWish, now: Date) async throws -> PilotClosing {
    guard (0...3650).contains(wish.eraseAfter) else {
      throw AdminRefusal(.misuse, "--erase-after takes days from 0 to 3650.")
    }
    let inputs = await live.inForce(now: now)
    let names = Dictionary(
      inputs.areas.map { ($0.id, $0.name) }, uniquingKeysWith: { one, _ in one })
    if let area = wish.area, names[area] == nil {
      throw AdminRefusal(
        .unknown,
        "There is no area '\(plainLine(area))'\(Section.suggestion(for: area, among: names.keys.sorted()))."
      )
    }
    let areas = wish.area.map { [$0] } ?? names.keys.sorted()
    let day = CivilDay(now, in: configuration.timeZone).plus(wish.eraseAfter)
    var closing = PilotClosing(isDone: wish.isMeant, pilots: [], eraseOn: day.description)
    for area in areas {
      let counts = try await store.pilotCounts(of: area).anonymous
      closing.pilots.append(
        .init(
          area: area, name: names[area] ?? area, counts: counts,
          legallyHeld: try await store.legallyHeld(in: area)))
    }
    guard wish.isMeant else { return closing }
    await backups.gate.enter()
    defer { backups.gate.leave() }
    await poller.recording.enter()
    defer { poller.recording.leave() }
    for at in closing.pilots.indices {
      let pilot = closing.pilots[at]
      do {
        try await store.closePilot(
          pilot.area, by: plainLine(wish.by), eraseOn: day,
          audit: audit(wish.by, "close-pilot \(pilot.area)", now: now),
          notices: pilotNotices(pilot, day, now: now), now: now)
      } catch PilotRefusal.somebodyIsOut {
        throw AdminRefusal(
          .conflict,
          "\(pilot.name) was not closed: somebody is out there just now, and the alarm for them would go with it."
        )
      } catch PilotRefusal.closedAlready where wish.area != nil {
        throw AdminRefusal(.conflict, "The pilot of \(pilot.name) was closed before.")
      } catch PilotRefusal.closedAlready {
        continue
      }
    }
    if wish.eraseAfter == 0 {
      for at in closing.pilots.indices {
        let (erased, left) = try await erasePilotAlone(
          closing.pilots[at].area, by: wish.by, now: now)
        closing.pilots[at].erased = erased
        closing.left += left
      }
      closing.left += try await deleteArchiveOfLast(now: now)
    }
    return closing
  }

  /// Erases what is there of pilots that were closed before and whose day has come.
  func eraseClosedPilots(now: Date) async throws {
    let due = try await store.pilotsToErase(by: CivilDay(now, in: configuration.timeZone))
    guard !due.isEmpty else { return }
    await backups.gate.enter()
    defer { backups.gate.leave() }
    await poller.recording.enter()
    defer { poller.recording.leave() }
    for area in due { _ = try await erasePilotAlone(area, by: "desk", now: now) }
    _ = try await deleteArchiveOfLast(now: now)
  }

  /// What lies in the archive is every area's, and goes when the last one has gone. - Returns: what could not be seen to.
  private func deleteArchiveOfLast(now: Date) async throws -> [String] {
    let erased = try await store.erasedPilots()
    guard await live.inForce(now: now).areas.allSatisfy({ erased.contains($0.id) }) else {
      return []
    }
    return await backups.deleteWholeArchive().map {
      "\($0) could not be deleted from the archive."
    }
  }

  private func erasePilotAlone(
    _ area: String, by name: String, now: Date
  ) async throws -> (rows: Int, left: [String]) {
    let ids = (UUID().uuidString.lowercased(), UUID().uuidString.lowercased())
    let isThere = try await askedThere(area, now: now)
    let erasures = try await store.erasures(ofPilot: area, ids: ids, now: now, isThere: isThere)
    let log = ErasureLog(folder: configuration.state)
    for erasure in erasures { try log.add(erasure) }
    let erased = try await store.erasePilot(
      area, as: erasures, audit: audit(name, "erase pilot \(area)", now: now), now: now,
      isThere: isThere)
    let cleaned = await backups.cleanBackups(now: now)
    if cleaned.left.isEmpty {
      for erasure in erasures { try await store.filesDone(of: erasure.id) }
    }
    return (erased.sum, cleaned.left)
  }

  /// Of who asked not to be contacted, and whose opportunity has gone with its time, nothing but the place says whose
  /// pilot it was; what no other pilot will erase goes with the last one.
  private func askedThere(
    _ area: String, now: Date
  ) async throws -> @Sendable (Place) -> Bool {
    let areas = await live.inForce(now: now).areas
    let erased = try await store.erasedPilots().union([area])
    if areas.allSatisfy({ erased.contains($0.id) }) { return { _ in true } }
    let index = AreaIndex(areas.filter { $0.id == area })
    return { place in place.point.map { index.firstPosition(holding: $0) != nil } ?? false }
  }

  private func audit(_ name: String, _ action: String, now: Date) -> AuditRow {
    AuditRow(
      at: now, actor: SignedIn.admin,
      mark: AuditMark(via: "command by \(plainLine(String(name.prefix(100))))"), action: action,
      opportunity: nil)
  }

  /// To the admin, and to who leads there.
  private func pilotNotices(
    _ pilot: PilotClosing.Pilot, _ day: CivilDay, now: Date
  ) -> [Notice] {
    let leaders = configuration.team.area(pilot.area)?.leaders ?? []
    return configuration.contacts(ofAdminAnd: leaders).map { email, channel in
      Notice(
        id: UUID().uuidString.lowercased(), recipient: email, channel: channel,
        subject: "\(configuration.instance): the pilot in \(pilot.name) has ended",
        paragraphs: [
          "The pilot in \(pilot.name) was closed. Nothing is offered or announced there any more, what was held was "
            + "given back, and links in earlier mails open nothing.",
          "What is held of it is erased on \(day.inWords) \(day.parts.year). Please destroy visit sheets and notes.",
          "In numbers, small ones hidden: "
            + pilot.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", ") + ".",
        ], created: now)
    }
  }
}
