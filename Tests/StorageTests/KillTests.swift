import Foundation
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("Killed at any moment")
struct KillTests {
  @Test("What was answered before a kill is there after it, and the lock is free")
  func killed() async throws {
    try await withFolder { path in
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
        let store = try Store(path: path)
        let id = try await offerOne(store)
        let attempt = try await store.claim(
          opportunity: id, member: "ann", issuedTo: "ann", generation: 0, now: noon)
        guard attempt == .claimed(generation: 1, since: noon) else { exit(3) }
        kill(getpid(), SIGKILL)
      }
      let store = try Store(path: path)
      #expect(try await store.opportunity(1)?.holder == "ann")
      #expect(try await known(store).jobs == [job("A1")])
      try store.close()
    }
  }

  @Test("A copy of file and log at any moment of the passes opens whole, at a pass's border")
  func copies() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      for round in 1...20 {
        let jobs = (0..<200).map { job("\(round)-\($0)", uprn: "\(round)\(1000 + $0)") }
        let offers = jobs.map { opportunity([$0]) }
        try await store.record(pass(jobs, verdict(offers), at: noon + Double(round)))
        let copy = folder + "/copy-\(round)/triaged.db"
        try FileManager.default.createDirectory(
          atPath: folder + "/copy-\(round)", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
        if round % 2 == 0 {
          // The last write torn: that pass has not happened, those before it have.
          let log = try FileHandle(forWritingTo: URL(fileURLWithPath: copy + "-wal"))
          let size = try log.seekToEnd()
          try log.truncate(atOffset: size - min(size, 5000))
          try log.close()
        }
        let reopened = try Store(path: copy)
        let counts = try await reopened.counts()
        #expect(counts.jobs % 200 == 0)
        if round % 2 == 1 { #expect(counts.jobs == round * 200) }
        #expect(counts.open[.offered, default: 0] <= 200)
        try reopened.close()
      }
      try store.close()
    }
  }
}
