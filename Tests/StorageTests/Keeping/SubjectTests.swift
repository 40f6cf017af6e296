import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("What is held of somebody, and its end")
struct SubjectTests {
  /// Every table that has anything of a person.
  private static let classes = [
    "jobs", "opportunities", "announcements", "claims", "visit_tries", "outcomes", "consents",
    "outings", "changes", "notices", "reached_places", "other_door",
  ]

  @Test("Of a hundred people every row is found, by UPRN, by address and by reference")
  func everyRow() async throws {
    try await withStore { store in
      let everybody = people(100)
      try await record(store, everybody)
      for person in everybody {
        for query in [
          SubjectQuery.uprn(person.uprn),
          .address(person.address.uppercased(), postcode: person.postcode.lowercased()),
        ] {
          let finding = try await store.findSubject(query, audit: asked)
          let names = Set(finding.classes.map(\.name))
          let wanted =
            person.number % 2 == 1
            ? Self.classes : Self.classes.filter { !["outcomes", "consents"].contains($0) }
          #expect(names.isSuperset(of: wanted), "\(Set(wanted).subtracting(names)) of \(query)")
          let text = finding.classes.flatMap(\.rows).flatMap(\.values).joined(separator: " ")
          for canary in person.canaries { #expect(text.contains(canary), "\(canary)") }
          let others = everybody.filter { $0.number != person.number }.flatMap(\.canaries)
          #expect(others.allSatisfy { !text.contains($0) }, "nobody else is in it")
        }
        let reference = try await store.findSubject(.reference(person.job.id), audit: asked)
        #expect(reference.classes.first?.rows.map { $0["reference"] } == [person.reference])
      }
    }
  }

  @Test(
    "After an erasure no byte of it is in the database or its log; the neighbours' are",
    arguments: [true, false])
  func bytes(isByAddress: Bool) async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let everybody = people(6)
      try await record(store, everybody)
      let gone = everybody[3]
      let files = [path, path + "-wal"]
      #expect(found(gone.canaries, in: files) == gone.canaries, "the search finds what is there")
      let (_, rows) = try await erase(
        store,
        isByAddress ? .address(gone.address, postcode: gone.postcode) : .uprn(gone.uprn))
      #expect(rows.jobs == 1 && rows.opportunities == 1 && rows.claims == 2 && rows.consents == 1)
      #expect(found(gone.canaries + [gone.uprn], in: files) == [])
      for person in everybody where person.number != 3 {
        #expect(found(person.canaries, in: files) == person.canaries)
      }
      #expect(try await store.findSubject(.uprn(gone.uprn), audit: asked).classes.isEmpty)
      try store.close()
      #expect(try checkCopy(at: path).bytes > 0)
    }
  }

  @Test("By a reference only that job goes, with the opportunity that it made")
  func reference() async throws {
    try await withStore { store in
      let person = Person(number: 1)
      let jobs = [person.job, person.job(reference: "ANOTHER")]
      try await store.record(pass(jobs, verdict([opportunity(jobs)])))
      let (_, rows) = try await erase(store, .reference(jobs[0].id))
      #expect(rows.jobs == 1 && rows.opportunities == 1)
      let left = try await store.findSubject(.uprn(Person(number: 1).uprn), audit: asked)
      #expect(left.classes.map(\.name) == ["jobs"])
      #expect(left.classes[0].rows.map { $0["reference"] } == ["ANOTHER"])
    }
  }

  @Test(
    "A written address without a UPRN is the UPRN's where nobody else has it, and nobody's where two have it"
  )
  func aliases() async throws {
    try await withStore { store in
      func at(_ reference: String, _ uprn: String, _ address: String) -> Job {
        var one = job(reference, uprn: uprn)
        one.place.address = address
        return one
      }
      let mine = at("MINE", "1", "12 Mill Lane, Testford")
      let written = at("WRITTEN", "", "12 MILL LANE, TESTFORD")
      let flats = [
        at("FLAT1", "2", "14 Mill Lane, Testford"), at("FLAT2", "3", "14 Mill Lane, Testford"),
        at("HOUSE", "", "14 Mill Lane, Testford"),
      ]
      try await store.record(pass([mine, written] + flats, verdict([])))
      func references(_ query: SubjectQuery) async throws -> [String] {
        try await store.findSubject(query, audit: asked).classes.flatMap(\.rows)
          .compactMap { $0["reference"] }
      }
      #expect(try await references(.uprn("1")) == ["MINE", "WRITTEN"])
      #expect(
        try await references(.address("12, Mill Lane", postcode: "ZZ11ZZ")) == ["MINE", "WRITTEN"])
      #expect(try await references(.uprn("2")) == ["FLAT1"], "the house may be the neighbour's")
      let house = SubjectQuery.address("14 Mill Lane", postcode: "ZZ1 1ZZ")
      #expect(try await references(house) == ["FLAT1", "FLAT2", "HOUSE"])
      await #expect(throws: ErasureRefusal.severalUPRNs(["2", "3"])) {
        try await erase(store, house)
      }
      let nearby = try await store.findSubject(.uprn("2"), audit: asked).sameBuilding
      #expect(nearby == [], "its written address is not its alone, so no building is known")
    }
  }

  @Test("A legal hold refuses, and so does somebody who is out there")
  func refused() async throws {
    try await withStore { store in
      let person = Person(number: 0)
      try await record(store, [person, Person(number: 2)])
      let query = SubjectQuery.uprn(person.uprn)
      #expect(
        try await store.holdLegally(query, why: "Claim 22.", by: "x", audit: asked, now: noon) > 0)
      await #expect(throws: ErasureRefusal.held(["Claim 22."])) { try await erase(store, query) }
      await #expect(throws: ErasureRefusal.held(["Claim 22."])) {
        try await erase(store, .reference(person.job.id))
      }
      #expect(try await store.endLegalHold(query, audit: asked) > 0)
      try await store.write {
        try $0.execute(sql: "UPDATE outing SET back_at = NULL, ended_by = NULL")
      }
      await #expect(throws: ErasureRefusal.somebodyIsOut) { try await erase(store, query) }
      #expect(try await !store.findSubject(query, audit: asked).classes.isEmpty)
    }
  }

  @Test("Who asked not to be contacted stays so, unless nothing of them is stored any more")
  func optOut() async throws {
    try await withStore { store in
      let person = Person(number: 0)
      try await record(store, [person, Person(number: 2)])
      let id = try await opportunityID(store, person)
      try await store.write { try Storage.optOut($0, of: id, by: "bob", at: 0) }
      let (_, kept) = try await erase(store, .uprn(person.uprn))
      #expect(kept.keptOptOuts == 1)
      #expect(try await store.optOuts().count == 1)
      #expect(try await store.refusals() == nil)
      let (_, gone) = try await erase(store, .uprn(person.uprn), refuses: true)
      #expect(gone.optOuts == 1)
      #expect(try await store.optOuts().isEmpty)
      let refused = try #require(try await store.refusals())
      let elsewhere = person.job(reference: "OTHER", uprn: "")
      let neighbour = Person(number: 1).job
      #expect(refused.allowed([person.job, elsewhere, neighbour]) == [neighbour])
    }
  }

  @Test(
    "Of whom nothing is stored any more nobody is sent to a job that may be theirs, in a copy of before neither"
  )
  func mayBeTheirs() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      func at(_ reference: String, _ address: String, uprn: String = "") -> Job {
        var one = job(reference, uprn: uprn)
        one.place.address = address
        return one
      }
      let jobs = [
        at("THEIRS", "Flat 2, 12 Mill Lane, Testford", uprn: "77"),
        at("BUILDING", "12 Mill Lane, Testford"),
        at("NEIGHBOUR", "Flat 3, 12 Mill Lane, Testford", uprn: "78"),
      ]
      try await store.record(pass(jobs, verdict([])))
      try await store.copy(to: path + ".before")
      func heldBack(_ store: Store) async throws -> [String] {
        let dwellings = try #require(try await store.erasedDwellings())
        var register = Register()
        register.add(.doNotContact, at: dwellings)
        return jobs.filter { register.flags(for: $0.place) == [.doNotContact] }.map(\.id.reference)
      }
      let (erasure, rows) = try await erase(store, .uprn("77"), refuses: true)
      #expect(rows.jobs == 1, "the others may be somebody else's")
      #expect(try await heldBack(store) == ["THEIRS", "BUILDING"])
      try store.close()

      let copy = try Store(path: path + ".before")
      #expect(try await copy.erasedDwellings() == nil)
      #expect(try await copy.eraseAgain([erasure]) == 1)
      #expect(try await heldBack(copy) == ["THEIRS", "BUILDING"])
      #expect(try await copy.refusals()?.allowed(jobs) == [jobs[1], jobs[2]])
      try copy.close()
    }
  }

  @Test(
    "That others' jobs are about somebody is found, and forgotten with them, here and in a copy of before",
    arguments: [true, false])
  func complaints(refuses: Bool) async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let (about, neighbour) = (Person(number: 3), Person(number: 1))
      var complaint = neighbour.job(reference: "COMPLAINT")
      complaint.otherParty = try #require(AddressKey(about.job.place)).print
      try await store.record(pass([complaint], verdict([])))
      try await store.copy(to: path + ".before")
      let query = SubjectQuery.uprn(about.uprn)
      func references() async throws -> [String] {
        try await store.findSubject(query, audit: asked).classes.flatMap(\.rows).compactMap {
          $0["reference"]
        }
      }
      #expect(try await references() == ["COMPLAINT"])
      let (erasure, rows) = try await erase(store, query, refuses: refuses)
      #expect(rows.complaintsAbout == 1 && rows.sum == 0)
      #expect(try await references().isEmpty)
      let kept = try await store.refusals()?.allowed([complaint])
      let wanted: [Int64?]? = refuses ? [nil] : nil
      #expect(kept?.map(\.otherParty) == wanted, "the job itself is the neighbour's")
      try store.close()

      let copy = try Store(path: path + ".before")
      #expect(try await copy.eraseAgain([erasure]) == 1)
      let left = try await copy.read {
        try String.fetchAll($0, sql: "SELECT reference FROM job WHERE other_party IS NULL")
      }
      #expect(left == ["COMPLAINT"])
      try copy.close()
    }
  }

  @Test("What a copy of before alone has of somebody is erased there where there are copies")
  func inCopiesAlone() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let person = Person(number: 3)
      try await record(store, [person, Person(number: 4)])
      try await store.copy(to: path + ".before")
      // As where the council has corrected the address.
      try await store.write {
        for table in ["job", "opportunity"] {
          try $0.execute(
            sql:
              "UPDATE \(table) SET address_key = 'uprn:5', address = '5 Mill Lane', uprn = '5' WHERE uprn = ?",
            arguments: [person.uprn])
        }
        try $0.execute(sql: "DELETE FROM reached_place")
      }
      let query = SubjectQuery.address(person.address, postcode: person.postcode)
      let without = try await store.erasure(of: query, id: "a", refuses: false, now: noon)
      #expect(without == nil)
      let erasure = try #require(
        try await store.erasure(of: query, id: "b", refuses: false, hasBackups: true, now: noon))
      #expect(try await store.erase(query, as: erasure, audit: asked).sum == 0)
      try store.close()
      let copy = try Store(path: path + ".before")
      #expect(try await copy.eraseAgain([erasure]) == 1)
      try copy.close()
      #expect(found(person.canaries, in: [path + ".before"]) == [])
    }
  }

  @Test("The tombstone says that and when, and nothing of whom")
  func tombstone() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let person = Person(number: 3)
      try await record(store, [person, Person(number: 4)])
      let (erasure, _) = try await erase(store, .uprn(person.uprn))
      let log = ErasureLog(folder: (path as NSString).deletingLastPathComponent)
      try log.add(erasure)
      #expect(try log.all().map(\.id) == [erasure.id])
      #expect(found(person.canaries + [person.uprn], in: [log.path, path, path + "-wal"]) == [])
      let key = try await store.read {
        try Data.fetchOne($0, sql: "SELECT key FROM erasure_key")!
      }
      #expect(key.count == 32 && !erasure.prints.contains(hexadecimal(key)))
      try store.close()
    }
  }

  /// What a backup of before brings back, class by class, is gone again.
  @Test("What was erased is erased again from a database of before", arguments: Self.classes)
  func erasedAgain(name: String) async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let person = Person(number: 3)
      try await record(store, [person, Person(number: 4)])
      let backup = path + ".backup"
      try await store.copy(to: backup)
      let (erasure, _) = try await erase(store, .uprn(person.uprn))
      try store.close()
      _ = try checkCopy(at: backup)
      let old = try Store(path: backup)
      func rows() async throws -> Int {
        try await old.findSubject(.uprn(person.uprn), audit: asked).classes
          .first { $0.name == name }?.rows.count ?? 0
      }
      #expect(try await rows() > 0)
      #expect(try await old.eraseAgain([erasure]) == 1)
      #expect(try await rows() == 0)
      #expect(try await old.eraseAgain([erasure]) == 0, "once")
      try await old.rewrite()
      #expect(found(person.canaries + [person.uprn], in: [backup, backup + "-wal"]) == [])
      try old.close()
    }
  }

  @Test("An erasure by another key stops rather than being passed over")
  func foreignKey() async throws {
    try await withStore { store in
      let erasure = Erasure(id: "e", at: noon, prints: ["00"], refuses: false, key: "another")
      await #expect(throws: BackupError.self) { try await store.eraseAgain([erasure]) }
    }
  }

  @Test("A line of the log that a stop has cut short is passed over, and the next one is whole")
  func cutShort() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let log = ErasureLog(folder: folder)
    let one = Erasure(id: "one", at: noon, prints: ["aa"], refuses: true, key: "k")
    try log.add(one)
    let file = try #require(FileHandle(forWritingAtPath: log.path))
    try file.seekToEnd()
    try file.write(contentsOf: Data("{\"at\":\"2026".utf8))
    try file.close()
    var two = one
    two.id = "two"
    try log.add(two)
    #expect(try log.all() == [one, two])
  }

  @Test(
    "What was refused after it was written down is taken out of the log again, and nothing else")
  func takenBack() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let log = ErasureLog(folder: folder)
    let one = Erasure(id: "one", at: noon, prints: ["aa"], refuses: true, key: "k")
    var two = one
    two.id = "two"
    try log.add(one)
    try log.add(two)
    try log.remove("two")
    #expect(try log.all() == [one])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["erasures.jsonl"])
    let mode = try FileManager.default.attributesOfItem(atPath: log.path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test("A whole line of the log that cannot be understood stops rather than being passed over")
  func damagedLine() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let log = ErasureLog(folder: folder)
    try log.add(Erasure(id: "one", at: noon, prints: ["aa"], refuses: true, key: "k"))
    let line = try String(contentsOfFile: log.path, encoding: .utf8)
    try line.replacing("prints", with: "pr\u{0}nts").write(
      toFile: log.path, atomically: true, encoding: .utf8)
    #expect(throws: BackupError.self) { try log.all() }
  }
}
