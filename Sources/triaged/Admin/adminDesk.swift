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
      let wish = try readWish(
        AcceptAreasWish.self, request, "To accept an edit wants {\"set\": …}.")
      return .json(try adminJSON(try await office.acceptAreas(wish.set, now: clock())))
    },
    AdminRoute(.post, "/register/accept") { request in
      let wish = try readWish(
        AcceptRegisterWish.self, request, "To accept a register wants {\"entries\": …}.")
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
      let wish =
        request.body.isEmpty
        ? AcceptWish()
        : try readWish(
          AcceptWish.self, request, "To accept a list wants nothing or {\"list\": …}.")
      return .json(
        try adminJSON(
          try await office.accept(
            request.parameters["name"] ?? "", list: wish.list, now: clock())))
    },
    AdminRoute(.post, "/feeds/replay") { request in
      let wish = try readWish(
        ReplayWish.self, request, "A replay wants {\"feed\": …, \"path\": …}.")
      return .json(try adminJSON(try await office.replay(wish.path, feed: wish.feed, now: clock())))
    },
    AdminRoute(.post, "/notify/test") { request in
      let wish = try readWish(
        NotifyTestWish.self, request, "A test wants {\"to\": …} and may name a \"channel\".")
      return .json(try adminJSON(try await office.notifyTest(wish, now: clock())))
    },
    AdminRoute(.post, "/pause") { request in
      let wish = try readWish(
        PauseWish.self, request, "A pause wants {\"area\": …, \"why\": …, \"by\": …, \"until\": …}."
      )
      return .json(try adminJSON(try await office.pause(wish, now: clock())))
    },
    AdminRoute(.post, "/resume") { request in
      let wish = try readWish(ResumeWish.self, request, "To resume wants {\"area\": …} or {}.")
      return .json(try adminJSON(try await office.resume(area: wish.area, now: clock())))
    },
    AdminRoute(.post, "/purge") { request in
      let wish = try readWish(
        PurgeWish.self, request, "A purge wants {\"dry_run\": true} or {\"dry_run\": false}.")
      return .json(try adminJSON(try await office.purge(wish, now: clock())))
    },
    AdminRoute(.post, "/audit/verify") { request in
      let wish = try readWish(
        AuditVerifyWish.self, request, "To verify the audit wants {\"head\": …} or {}.")
      return .json(try adminJSON(try await office.verifyAudit(wish, now: clock())))
    },
    AdminRoute(.post, "/audit/acknowledge") { request in
      let wish = try readWish(
        AuditAcknowledgeWish.self, request,
        "To acknowledge wants {\"row\": …, \"note\": …, \"by\": …}.")
      return .json(try adminJSON(try await office.acknowledgeAudit(wish, now: clock())))
    },
    AdminRoute(.post, "/audit/list") { request in
      let wish = try readWish(
        AuditListWish.self, request, "To list the audit wants {\"opportunity\": …, \"since\": …}.")
      return .json(try adminJSON(try await office.listAudit(wish, now: clock())))
    },
    AdminRoute(.post, "/queue") { request in
      let wish = try readWish(QueueWish.self, request, "The queue wants {\"area\": …} or {}.")
      return .json(try adminJSON(try await office.queue(area: wish.area, now: clock())))
    },
    AdminRoute(.post, "/subject/{verb}") { request in
      let wish = try readWish(
        SubjectWish.self, request,
        "This wants {\"by\": …} and whom: uprn, address and postcode, reference or text.")
      return .json(
        try await office.subjectAnswer(request.parameters["verb"] ?? "", wish, now: clock()))
    },
    AdminRoute(.post, "/close-pilot") { request in
      let wish = try readWish(
        ClosePilotWish.self, request,
        "To close a pilot wants {\"area\": …, \"erase_after\": …, \"is_meant\": …, \"by\": …}.")
      return .json(try adminJSON(try await office.closePilot(wish, now: clock())))
    },
    AdminRoute(.get, "/backups") { _ in
      .json(try adminJSON(office.backups.list(now: clock())))
    },
    AdminRoute(.post, "/backup") { request in
      let wish = try readWish(BackupWish.self, request, "A backup wants {\"to\": …} or {}.")
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
      let wanted = "A message takes retry or drop, with {\"by\": …}."
      guard let verb = OutboxVerb(rawValue: request.parameters["verb"] ?? "") else {
        throw AdminRefusal(.misuse, wanted)
      }
      let wish = try readWish(OutboxWish.self, request, wanted)
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
      let wish = try readWish(
        ReplayRulesWish.self, request,
        "A replay of rules wants {\"rules\": …, \"file\": …, \"days\": …}.")
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
