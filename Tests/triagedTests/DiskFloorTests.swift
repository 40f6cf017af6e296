import Foundation
import Logging
import Storage
import Synchronization
import Testing
import Transfer
import Triage

@testable import triaged

/// A disk whose room a test decides.
private final class Disk: Sendable {
  private let bytes: Mutex<Int?>

  init(left: Int?) { bytes = Mutex(left) }

  var left: Int? {
    get { bytes.withLock { $0 } }
    set { bytes.withLock { $0 = newValue } }
  }

  var floor: DiskFloor { DiskFloor { self.left } }
}

@Suite("Below a floor of room on the disk nothing new is begun, and all of it goes on by itself")
struct DiskFloorTests {
  private let monday = WatchedFeed.monday

  @Test("The floor is reached with a byte less, and where nobody knows it holds up nothing")
  func floor() {
    #expect(DiskFloor { leastBytesLeft - 1 }.isReached)
    #expect(!DiskFloor { leastBytesLeft }.isReached)
    #expect(!DiskFloor { nil }.isReached)
  }

  @Test("A list waits where it lies, and is read once there is room")
  func lists() async throws {
    let feed = try WatchedFeed()
    let disk = Disk(left: 0)
    let transferrer = Transferrer(threads: 1)
    let poller = Poller(
      await feed.poller.configuration, store: feed.store, live: await feed.poller.live,
      transferrer: transferrer, watch: await feed.poller.watch, floor: disk.floor,
      logger: await feed.poller.logger)
    try feed.put("list.csv", [feed.row(1), feed.row(2)], at: monday)
    await #expect(throws: NoRoom.self) { _ = try await poller.round(now: monday + 60) }
    #expect(FileManager.default.fileExists(atPath: feed.drop + "/list.csv"))
    #expect(try await feed.jobs().isEmpty)
    disk.left = leastBytesLeft
    _ = try await poller.round(now: monday + 120)
    #expect(try await feed.jobs().count == 2)
    await transferrer.shutdown()
    try await feed.end()
  }

  @Test(
    "Nothing is offered or claimed; what is held can be given back, and the offer is open as before"
  )
  func desk() async throws {
    try await withCounter { counter in
      let jobs = [counter.job("B1", "12 Mill Lane")]
      let disk = Disk(left: 0)
      try await counter.record(jobs, [counter.single(jobs)])
      try await counter.deliver(floor: disk.floor)
      #expect(try counter.mails.isEmpty)
      disk.left = leastBytesLeft
      try await counter.deliver(floor: disk.floor)
      let token = try counter.token()
      let desk = await counter.desk(floor: disk.floor)
      disk.left = 0
      await #expect(throws: ClaimError.noRoom) { _ = try await desk.claim(token, "bob", 0) }
      guard case .open = try await desk.look(token) else {
        Issue.record("the offer is not open as it was")
        return
      }
      disk.left = leastBytesLeft
      _ = try await desk.claim(token, "bob", 0)
      disk.left = 0
      let again = try await desk.claim(token, "bob", 0)
      #expect(again.offer.generation == 1, "theirs is opened as before")
      _ = try await desk.press(
        token, DeskPress(member: "bob", generation: 1, action: .release))
      guard case .open = try await desk.look(token) else {
        Issue.record("what was held could not be given back")
        return
      }
    }
  }

  @Test("It is a matter until there is room to spare")
  func matter() {
    #expect(diskMatters(left: leastBytesLeft - 1, isOpen: false).map(\.kind) == [.disk])
    #expect(diskMatters(left: leastBytesLeft, isOpen: false).isEmpty)
    #expect(diskMatters(left: 2 * leastBytesLeft - 1, isOpen: true).map(\.kind) == [.disk])
    #expect(diskMatters(left: 2 * leastBytesLeft, isOpen: true).isEmpty)
    #expect(diskMatters(left: nil, isOpen: true).isEmpty)
  }
}
