import Foundation
import Notify
import Triage

/// The routes of the admin socket. A verb that needs the live database adds one here and asks it with
/// ``withOffice(_:_:locally:)``.
func adminDesk(_ office: AdminOffice, clock: @escaping @Sendable () -> Date) -> AdminDesk {
  AdminDesk(routes: [
    AdminRoute(.get, "/status") { _ in .json(try adminJSON(try await office.status(now: clock())))
    },
    AdminRoute(.post, "/reload") { _ in
      .json(try adminJSON(try await office.reload(now: clock())))
    },
    AdminRoute(.get, "/metrics") { _ in
      .text(try await office.metricsText(now: clock()), type: MetricsText.type)
    },
    AdminRoute(.get, "/areas/sheet") { _ in
      .json(try adminJSON(try await office.areaSheet(now: clock())))
    },
    AdminRoute(.get, "/areas") { _ in .json(try adminJSON(office.areas(now: clock()))) },
    AdminRoute(.post, "/areas/accept") { request in
      let wish: AcceptAreasWish
      do {
        wish = try adminDecoder().decode(AcceptAreasWish.self, from: request.body)
      } catch {
        throw AdminRefusal(.misuse, "To accept an edit wants {\"set\": …}.")
      }
      return .json(try adminJSON(try await office.acceptAreas(wish.set, now: clock())))
    },
    AdminRoute(.post, "/register/accept") { request in
      let wish: AcceptRegisterWish
      do {
        wish = try adminDecoder().decode(AcceptRegisterWish.self, from: request.body)
      } catch {
        throw AdminRefusal(.misuse, "To accept a register wants {\"entries\": …}.")
      }
      return .json(
        try adminJSON(try await office.acceptRegister(entries: wish.entries, now: clock())))
    },
    AdminRoute(.get, "/feeds/{name}") { request in
      .json(
        try adminJSON(
          try await office.account(
            of: request.parameters["name"] ?? "", limit: FeedAccount.usualLimit, now: clock())))
    },
    AdminRoute(.post, "/feeds/{name}/accept") { request in
      let wish: AcceptWish
      do {
        wish =
          request.body.isEmpty
          ? AcceptWish() : try adminDecoder().decode(AcceptWish.self, from: request.body)
      } catch {
        throw AdminRefusal(.misuse, "To accept a list wants nothing or {\"list\": …}.")
      }
      return .json(
        try adminJSON(
          try await office.accept(
            request.parameters["name"] ?? "", list: wish.list, now: clock())))
    },
    AdminRoute(.post, "/feeds/replay") { request in
      let wish: ReplayWish
      do {
        wish = try adminDecoder().decode(ReplayWish.self, from: request.body)
      } catch {
        throw AdminRefusal(.misuse, "A replay wants {\"feed\": …, \"path\": …}.")
      }
      return .json(try adminJSON(try await office.replay(wish.path, feed: wish.feed, now: clock())))
    },
    AdminRoute(.post, "/notify/test") { request in
      let wish: NotifyTestWish
      do {
        wish = try adminDecoder().decode(NotifyTestWish.self, from: request.body)
      } catch {
        throw AdminRefusal(.misuse, "A test wants {\"to\": …} and may name a \"channel\".")
      }
      return .json(try adminJSON(try await office.notifyTest(wish, now: clock())))
    },
    AdminRoute(.post, "/pause") { request in
      let wish: PauseWish
      do {
        wish = try adminDecoder().decode(PauseWish.self, from: request.body)
      } catch {
        throw AdminRefusal(
          .misuse, "A pause wants {\"area\": …, \"why\": …, \"by\": …, \"until\": …}.")
      }
      return .json(try adminJSON(try await office.pause(wish, now: clock())))
    },
    AdminRoute(.post, "/resume") { request in
      let wish: ResumeWish
      do {
        wish = try adminDecoder().decode(ResumeWish.self, from: request.body)
      } catch {
        throw AdminRefusal(.misuse, "To resume wants {\"area\": …} or {}.")
      }
      return .json(try adminJSON(try await office.resume(area: wish.area, now: clock())))
    },
    AdminRoute(.post, "/purge") { request in
      guard let wish = try? adminDecoder().decode(PurgeWish.self, from: request.body) else {
        throw AdminRefusal(.misuse, "A purge wants {\"dry_run\": true} or {\"dry_run\": false}.")
      }
      return .json(try adminJSON(try await office.purge(wish, now: clock())))
    },
    AdminRoute(.post, "/audit/verify") { request in
      guard let wish = try? adminDecoder().decode(AuditVerifyWish.self, from: request.body) else {
        throw AdminRefusal(.misuse, "To verify the audit wants {\"head\": …} or {}.")
      }
      return .json(try adminJSON(try await office.verifyAudit(wish, now: clock())))
    },
    AdminRoute(.post, "/audit/acknowledge") { request in
      guard
        let wish = try? adminDecoder().decode(AuditAcknowledgeWish.self, from: request.body)
      else {
        throw AdminRefusal(
          .misuse, "To acknowledge wants {\"row\": …, \"note\": …, \"by\": …}.")
      }
      return .json(try adminJSON(try await office.acknowledgeAudit(wish, now: clock())))
    },
    AdminRoute(.post, "/audit/list") { request in
      guard let wish = try? adminDecoder().decode(AuditListWish.self, from: request.body) else {
        throw AdminRefusal(.misuse, "To list the audit wants {\"opportunity\": …, \"since\": …}.")
      }
      return .json(try adminJSON(try await office.listAudit(wish, now: clock())))
    },
    AdminRoute(.post, "/queue") { request in
      let wish: QueueWish
      do {
        wish = try adminDecoder().decode(QueueWish.self, from: request.body)
      } catch {
        throw AdminRefusal(.misuse, "The queue wants {\"area\": …} or {}.")
      }
      return .json(try adminJSON(try await office.queue(area: wish.area, now: clock())))
    },
    AdminRoute(.post, "/subject/{verb}") { request in
      guard let wish = try? adminDecoder().decode(SubjectWish.self, from: request.body) else {
        throw AdminRefusal(
          .misuse, "This wants {\"by\": …} and whom: uprn, address and postcode, reference or text."
        )
      }
      return .json(
        try await office.subjectAnswer(request.parameters["verb"] ?? "", wish, now: clock()))
    },
    AdminRoute(.post, "/close-pilot") { request in
      guard let wish = try? adminDecoder().decode(ClosePilotWish.self, from: request.body) else {
        throw AdminRefusal(
          .misuse,
          "To close a pilot wants {\"area\": …, \"erase_after\": …, \"is_meant\": …, \"by\": …}.")
      }
      return .json(try adminJSON(try await office.closePilot(wish, now: clock())))
    },
    AdminRoute(.get, "/backups") { _ in
      .json(try adminJSON(office.backups.list(now: clock())))
    },
    AdminRoute(.post, "/backup") { request in
      guard let wish = try? adminDecoder().decode(BackupWish.self, from: request.body) else {
        throw AdminRefusal(.misuse, "A backup wants {\"to\": …} or {}.")
      }
      return .json(try adminJSON(try await office.backup(wish, now: clock())))
    },
    AdminRoute(.get, "/outbox") { _ in
      .json(try adminJSON(try await office.outbox(now: clock())))
    },
    AdminRoute(.get, "/outbox/{id}") { request in
      .json(
        try adminJSON(
          try await office.outboxAttempts(request.parameters["id"] ?? "", now: clock())))
    },
    AdminRoute(.post, "/outbox/{id}/{verb}") { request in
      guard let verb = OutboxVerb(rawValue: request.parameters["verb"] ?? ""),
        let wish = try? adminDecoder().decode(OutboxWish.self, from: request.body)
      else { throw AdminRefusal(.misuse, "A message takes retry or drop, with {\"by\": …}.") }
      return .json(
        try adminJSON(
          try await office.change(
            request.parameters["id"] ?? "", verb, by: wish.by, now: clock())))
    },
    AdminRoute(.post, "/bounce", bodyLimit: mostBounceBytes) { request in
      .json(try adminJSON(try await office.take(bounce: [UInt8](request.body), now: clock())))
    },
    AdminRoute(.get, "/opportunities/{id}/story") { request in
      guard let id = Int64(request.parameters["id"] ?? "") else {
        throw AdminRefusal(.misuse, "An opportunity is meant by its number.")
      }
      return .json(try adminJSON(try await office.explain(id, now: clock())))
    },
    AdminRoute(.post, "/rules/replay", bodyLimit: ReplayRulesWish.mostBytes) { request in
      let wish: ReplayRulesWish
      do {
        wish = try adminDecoder().decode(ReplayRulesWish.self, from: request.body)
      } catch {
        throw AdminRefusal(
          .misuse, "A replay of rules wants {\"rules\": …, \"file\": …, \"days\": …}.")
      }
      return .json(try adminJSON(try await office.replay(wish, now: clock())))
    },
    AdminRoute(.post, "/areas/diff", bodyLimit: AreaDiff.mostBytes) { request in
      return .json(try adminJSON(try await office.areasDiff([UInt8](request.body), now: clock())))
    },
  ])
}

/// What is asked for with `feeds accept`.
struct AcceptWish: Codable {
  /// The first digits of the list's SHA-256, where they are given.
  var list: String?
}

/// What is asked for with `areas accept`.
struct AcceptAreasWish: Codable {
  /// The first digits of the set's SHA-256.
  var set: String
}

/// What is asked for with `register accept`.
struct AcceptRegisterWish: Codable {
  /// As the sentence about it gives them, so that nobody accepts another file than they have heard of.
  var entries: Int
}

/// What is asked for with `feeds replay`.
struct ReplayWish: Codable {
  var feed: String
  /// Absolute, or a name in the feed's archive.
  var path: String
}

/// JSON as the admin socket speaks it, and as `--json` prints it.
func adminJSON(_ value: some Encodable) throws -> Data { Data(try prettyJSON(value).utf8) }

func adminDecoder() -> JSONDecoder {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  decoder.dateDecodingStrategy = .iso8601
  return decoder
}
