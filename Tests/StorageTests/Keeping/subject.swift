import Foundation
import GRDB
import TestDesk
import Triage

@testable import Storage

/// Somebody of whom every kind of thing is held, each with a word that is nowhere else.
struct Person {
  let number: Int
  var area = "north"

  var uprn: String { String(700_000 + number) }
  var address: String { "\(number + 1) Canary\(letters) Lane, Testford" }
  var postcode: String { "ZZ1 \(number % 10)ZZ" }
  var reference: String { "REF\(letters)" }
  /// A number as letters, so that no canary is part of another.
  var letters: String {
    let digits = Array("abcdefghij")
    return "x" + String(String(number).map { digits[Int(String($0))!] }) + "x"
  }
  var canaries: [String] {
    [
      "Canary\(letters)", "note\(letters)", "contact\(letters)", "why\(letters)", "told\(letters)",
      reference,
    ]
  }

  var job: Job { job() }

  func job(reference: String? = nil, uprn: String? = nil) -> Job {
    Job(
      id: JobRef(feed: "list", reference: reference ?? self.reference), received: noon - 2 * day,
      due: noon + day,
      closed: nil, status: "Open", jobClass: "Waste", type: "Bulky waste quote",
      callerType: "Resident",
      place: Place(
        address: address, postcode: postcode, uprn: uprn ?? self.uprn,
        point: GridPoint(x: 450_000 + Double(number), y: 359_000), location: .coordinates),
      notes: "note\(letters)", contact: "contact\(letters)", area: area, gone: nil)
  }
}

func people(_ count: Int) -> [Person] { (0..<count).map { Person(number: $0) } }

/// Records everybody's jobs and what was made of them, and has the odd ones claimed and done.
func record(_ store: Store, _ people: [Person]) async throws {
  let jobs = people.map(\.job)
  try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
  try await bundleAll(store)
  for person in people where person.number % 2 == 1 {
    let id = try await opportunityID(store, person)
    _ = try await store.claim(
      opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: noon)
    let outcome = Outcome(kind: .accepted, consent: true, by: "bob", at: noon)
    _ = try await store.record(outcome: outcome, opportunity: id, generation: 1)
  }
  for person in people { try await hang(store, person) }
}

func opportunityID(_ store: Store, _ person: Person) async throws -> Int64 {
  try await store.read {
    try Int64.fetchOne(
      $0, sql: "SELECT id FROM opportunity WHERE uprn = ? ORDER BY id DESC",
      arguments: [person.uprn])!
  }
}

/// What the desk writes in other tests, in the shape of the schema.
private func hang(_ store: Store, _ person: Person) async throws {
  let id = try await opportunityID(store, person)
  let letters = person.letters
  let street = "Canary\(letters) Lane"
  try await store.write { db in
    func run(_ sql: String, _ arguments: StatementArguments) throws {
      try db.execute(sql: sql, arguments: arguments)
    }
    try run(
      """
      INSERT INTO claim (opportunity, generation, holder, issued_to, claimed_at, ended_at, ended_how, ended_why)
      VALUES (?, 900, 'bob', 'ann', 0, 1, 'released', ?)
      """, [id, "why\(letters)"])
    try run(
      "INSERT INTO visit_try (opportunity, number, at, by, next_on, next_at) VALUES (?, 1, 0, 'bob', ?, 'morning')",
      [id, "note\(letters)"])
    try run(
      """
      INSERT INTO desk_event (opportunity, seen, generation, actor, action, request, before, at)
      VALUES (?, 900, 901, 'bob', 'release', 'r', ?, 0)
      """, [id, "{\"why\":\"why\(letters)\"}"])
    let event = db.lastInsertedRowID
    for (name, state) in [("event", "pending"), ("told", "accepted"), ("by street", "accepted")] {
      try run(
        """
        INSERT INTO notice (id, recipient, channel, subject, body, state, created, next_attempt, ended_at)
        VALUES (?, 'a@example.org', 'post', ?, ?, ?, 0, 0, ?)
        """,
        [
          "\(name)\(letters)", "told\(letters)", "[\"\(street), told\(letters)\"]", state,
          state == "accepted" ? 1 : nil,
        ])
    }
    try run(
      "INSERT INTO desk_event_notice (event, notice) VALUES (?, ?)", [event, "event\(letters)"])
    try run(
      "INSERT INTO desk_told (opportunity, kind, epoch, at) VALUES (?, 'remind', 1, 0)", [id])
    try run(
      "INSERT INTO desk_told_notice (notice, opportunity, kind, epoch) VALUES (?, ?, 'remind', 1)",
      ["told\(letters)", id])
    try run(
      """
      INSERT INTO outing (opportunity, member, since, back_by, back_at, ended_by)
      VALUES (?, 'bob', 0, 1, 1, 'bob')
      """, [id])
    try run(
      "INSERT INTO other_door (job, told_at) SELECT id, 0 FROM job WHERE reference = ?",
      [person.reference])
    let facts = DigestFacts(
      slot: "2026-11-23 08:30",
      areas: [
        .init(
          id: "north", name: "North",
          open: [.init(opportunity: id, whereabouts: street, jobType: "Bulky", since: noon)])
      ])
    try run(
      """
      INSERT INTO digest (id, recipient, channel, state, created, next_attempt, accepted_at, facts)
      VALUES (?, 'ann', 'post', 'accepted', 0, 0, 1, ?)
      """, ["facts\(letters)", try json(facts)])
    // At a neighbour's that is somebody else's opportunity.
    try run(
      """
      INSERT INTO reached_place (opportunity, address_key, address, postcode, uprn, location)
      SELECT min(id), ?1, ?2, ?3, ?4, 'none' FROM opportunity WHERE uprn <> ?4
      """,
      ["uprn:" + person.uprn, person.address, person.postcode, person.uprn])
  }
}

let asked = AuditRow(
  at: noon, actor: "(admin)", mark: AuditMark(via: "command by tester"), action: "subject erase",
  opportunity: nil)

/// Erases somebody as the command does, and answers the erasure.
@discardableResult
func erase(
  _ store: Store, _ query: SubjectQuery, refuses: Bool = false
) async throws -> (erasure: Erasure, rows: ErasedRows) {
  let erasure = try await store.erasure(
    of: query, id: UUID().uuidString, refuses: refuses, now: noon)!
  return (erasure, try await store.erase(query, as: erasure, audit: asked))
}

/// Which of some words the files have.
func found(_ words: [String], in files: [String]) -> [String] {
  let bytes = files.compactMap { FileHandle(forReadingAtPath: $0)?.readDataToEndOfFile() }
  return words.filter { word in bytes.contains { $0.range(of: Data(word.utf8)) != nil } }
}
