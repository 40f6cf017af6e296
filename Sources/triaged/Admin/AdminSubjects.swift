import Crypto
import Foundation
import Storage
import Triage

extension AdminOffice {
  /// What is held of somebody.
  func find(_ wish: SubjectWish, now: Date) async throws -> SubjectReport {
    try await report(wish, audit: audit(wish, "subject find by \(wish.how)", now: now), now: now)
  }

  /// The same as a report, whose fingerprint is in the audit: so that it can be shown later that a file is that one.
  func export(_ wish: SubjectWish, now: Date) async throws -> SubjectExport {
    let asked = audit(wish, "subject export by \(wish.how)", now: now)
    let report = try await report(wish, audit: asked, now: now)
    let text = try prettyJSON(report) + "\n"
    let sha256 = hexadecimal(SHA256.hash(data: Data(text.utf8)))
    try await store.audit(audit(wish, "subject export sha256:\(sha256)", now: now))
    return SubjectExport(
      report: text, page: report.page.html(by: "triaged subject export"), sha256: sha256)
  }

  /// Erases everything of somebody: here, in the archive and in the backups. Without `isMeant` it says what it would.
  func erase(_ wish: SubjectWish, now: Date) async throws -> ErasureAnswer {
    let query = try wish.query()
    if case .text = query {
      throw AdminRefusal(
        .misuse,
        "Only what is somebody's is erased: find the text, and then erase by --ref, --address or --uprn."
      )
    }
    // Neither a list that is being recorded nor a backup that is being made brings back what goes.
    await backups.gate.enter()
    defer { backups.gate.leave() }
    await poller.recording.enter()
    let answer: ErasureAnswer
    do {
      answer = try await eraseAlone(query, wish, now: now)
    } catch {
      poller.recording.leave()
      throw refusal(error)
    }
    poller.recording.leave()
    // What was made of others' jobs together with theirs is judged anew.
    if answer.isDone { try await poller.judgeAgain(now: now) }
    return answer
  }

  private func eraseAlone(
    _ query: SubjectQuery, _ wish: SubjectWish, now: Date
  ) async throws -> ErasureAnswer {
    let asked = audit(wish, "subject erase by \(wish.how)", now: now)
    let report = try await report(
      wish, audit: audit(wish, "subject find by \(wish.how)", now: now), now: now)
    let erasure = try await store.erasure(
      of: query, id: UUID().uuidString.lowercased(), refuses: wish.refuses,
      hasBackups: wish.isMeant && !report.backups.isEmpty, now: now)
    let mentioned = report.archived + report.unreadable
    guard wish.isMeant, erasure != nil || !mentioned.isEmpty else {
      return ErasureAnswer(isDone: false, report: report)
    }
    var answer = ErasureAnswer(isDone: true, erased: ErasedRows(), report: report)
    if let erasure {
      // On the disk before anything goes, so that neither a stop nor a backup brings it back.
      let log = ErasureLog(folder: configuration.state)
      try log.add(erasure)
      do {
        answer.erased = try await store.erase(query, as: erasure, audit: asked) { id, holder in
          erasedNotice(of: id, to: holder, now: now)
        }
      } catch let refusal as ErasureRefusal {
        // Somebody has gone out, or a hold was set, this very moment.
        try log.remove(erasure.id)
        throw refusal
      }
    }
    let undeleted = await backups.deleteArchived(mentioned)
    answer.deletedExports = mentioned.filter { !undeleted.contains($0) }
    answer.left = undeleted.map { "\($0) could not be deleted from the archive." }
    if let erasure {
      let cleaned = await backups.cleanBackups(now: now)
      answer.rewrittenBackups = cleaned.rewritten
      answer.deletedBackups = cleaned.deleted
      answer.left += cleaned.left
      if answer.left.isEmpty { try await store.filesDone(of: erasure.id) }
    }
    return answer
  }

  func holdLegally(_ wish: SubjectWish, now: Date) async throws -> Done {
    let why = plainLine(wish.why ?? "").trimmingCharacters(in: .whitespaces)
    guard !why.isEmpty else { throw AdminRefusal(.misuse, "A hold wants a reason: --why \"…\".") }
    let count = try await store.holdLegally(
      try wish.query(), why: why, by: plainLine(wish.by),
      audit: audit(wish, "subject hold by \(wish.how)", now: now), now: now)
    guard count > 0 else { throw AdminRefusal(.misuse, "A text says nothing of whose it is.") }
    return Done(
      done:
        "Nothing of them is deleted, on request or by its days, until 'triaged subject release'.")
  }

  func endLegalHold(_ wish: SubjectWish, now: Date) async throws -> Done {
    let count = try await store.endLegalHold(
      try wish.query(), audit: audit(wish, "subject release by \(wish.how)", now: now))
    guard count > 0 else { throw AdminRefusal(.conflict, "No legal hold names them.") }
    return Done(done: "The hold has ended.")
  }

  /// The answer to a verb, as JSON.
  func subjectAnswer(_ verb: String, _ wish: SubjectWish, now: Date) async throws -> Data {
    switch verb {
    case "find": try adminJSON(try await find(wish, now: now))
    case "export": try adminJSON(try await export(wish, now: now))
    case "erase": try adminJSON(try await erase(wish, now: now))
    case "hold": try adminJSON(try await holdLegally(wish, now: now))
    case "release": try adminJSON(try await endLegalHold(wish, now: now))
    default: throw AdminRefusal(.unknown, "A subject takes find, export, erase, hold or release.")
    }
  }

  // MARK: - Parts

  private func report(
    _ wish: SubjectWish, audit: AuditRow, now: Date
  ) async throws -> SubjectReport {
    let query = try wish.query()
    let finding = try await store.findSubject(query, audit: audit)
    let mentions: ArchivedMentions
    if case .text(let text) = query {
      let wanted = text.lowercased()
      mentions = await backups.archivedMentions { cells in
        cells.contains { $0.lowercased().contains(wanted) }
      }
    } else {
      let traces = traces(query, finding)
      mentions = await backups.archivedMentions { traces.isIn($0) }
    }
    return SubjectReport(
      instance: configuration.instance, timeZone: configuration.timeZone.identifier, made: now,
      finding: finding, archived: mentions.found, unreadable: mentions.unreadable,
      backups: (BackupFile.list(in: configuration.backup.folder)
        + BackupFile.list(in: backups.asideFolder)).map(\.path),
      elsewhere: SubjectReport.elsewhere)
  }

  /// Of a reference only that: what else was reported there is not asked for.
  private func traces(_ query: SubjectQuery, _ finding: SubjectFinding) -> SubjectTraces {
    if case .reference(let reference) = query {
      return SubjectTraces(references: [reference.reference], uprns: [], addresses: [])
    }
    let rows = finding.classes.filter { ["jobs", "opportunities"].contains($0.name) }.flatMap(
      \.rows)
    var uprns = Set(rows.compactMap { $0["uprn"] })
    var addresses = rows.compactMap { row in
      row["address"].map { (address: $0, postcode: row["postcode"] ?? "") }
    }
    switch query {
    case .uprn(let uprn): uprns.insert(uprn)
    case .address(let address, let postcode): addresses.append((address, postcode))
    case .reference, .text: break
    }
    return SubjectTraces(
      references: Set(rows.compactMap { $0["reference"] }), uprns: uprns, addresses: addresses)
  }

  private func audit(_ wish: SubjectWish, _ action: String, now: Date) -> AuditRow {
    AuditRow(
      at: now, actor: SignedIn.admin,
      mark: AuditMark(via: "command by \(plainLine(String(wish.by.prefix(100))))"), action: action,
      opportunity: nil)
  }

  /// Who holds it must not go there any more.
  private func erasedNotice(of opportunity: Int64, to holder: String, now: Date) -> Notice? {
    guard let member = configuration.team.member(holder) else { return nil }
    return Notice(
      id: UUID().uuidString.lowercased(), recipient: member.email, channel: member.channel,
      subject: "\(configuration.instance): what you held is not there any more",
      paragraphs: [
        "Opportunity \(opportunity), which you held, was erased, with everything that was known of it. Please do not "
          + "go there.", "If you have notes or a visit sheet of it, destroy them.",
      ], created: now)
  }

  private func refusal(_ error: any Error) -> any Error {
    switch error {
    case ErasureRefusal.held(let reasons):
      AdminRefusal(
        .conflict,
        "Nothing was erased: a legal hold names them. \(reasons.joined(separator: " ")) To end it: triaged subject release"
      )
    case ErasureRefusal.severalUPRNs(let uprns):
      AdminRefusal(
        .conflict,
        "Nothing was erased: \(uprns.count) UPRNs stand at this written address (\(uprns.joined(separator: ", "))), and "
          + "some may be neighbours'. Erase by --uprn.")
    case ErasureRefusal.somebodyIsOut:
      AdminRefusal(
        .conflict,
        "Nothing was erased: somebody is out there just now, and the alarm for them would go with it. Wait until they "
          + "are back.")
    case let error as BackupError: AdminRefusal(.conflict, error.description)
    default: error
    }
  }
}
