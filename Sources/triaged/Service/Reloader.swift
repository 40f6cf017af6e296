import Foundation
import Logging
import Storage
import Web

/// Reads the configuration again when somebody asks, and puts it in force: all of it or nothing.
actor Reloader {
  // Reads files, and may run a program that reads boundary files.
  private let executor = SerialQueueExecutor(label: "triaged.reload")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// What is exchanged.
  struct Doors: Sendable {
    var inForce: InForce
    var pages: PageServer
    var admin: AdminSite
    var monitored: Monitored
  }

  private var current: Daemon
  private let doors: Doors
  private let started: Date
  private let manager: ServiceManager
  private let read: @Sendable () -> LoadedConfiguration
  private let logger: Logger
  private let turn = OneAtATime()

  /// - Parameters:
  ///   - current: what is in force.
  ///   - started: when the program was.
  ///   - read: the configuration as the files are now.
  init(
    _ current: Daemon, _ doors: Doors, started: Date, manager: ServiceManager,
    read: @escaping @Sendable () -> LoadedConfiguration
  ) {
    self.current = current
    self.doors = doors
    self.started = started
    self.manager = manager
    self.read = read
    logger = current.logger
  }

  func reload(now: Date) async -> ReloadAnswer {
    await turn.enter()
    defer { turn.leave() }
    manager.reloading()
    defer { manager.ready() }
    do {
      let loaded = try settled()
      let next = try await current.following(loaded, now: now)
      let parts = try next.parts(started: started, manager: manager)
      // The last that can fail; nothing is judged by areas that the files have replaced.
      try await next.lookAtAreas(now: now)
      return await take(next, parts, loaded, now: now)
    } catch let error as ConfigurationError {
      let errors = error.problems.filter { $0.severity == .error }.map(\.description)
      return refuse(errors, now: now)
    } catch {
      return refuse(["The configuration could not be put in force: \(error)"], now: now)
    }
  }

  /// Files that were alike before and after they were read: whoever saves several of them is not overtaken.
  private func settled() throws -> LoadedConfiguration {
    let folder = current.configuration.folder
    var before = configurationFingerprint(folder)
    for _ in 0..<3 {
      let loaded = read()
      let after = configurationFingerprint(folder)
      if before == after, loaded.fingerprint == after { return loaded }
      before = after
    }
    throw StartError("The files change while they are read. Ask again when they are saved.")
  }

  private func take(
    _ next: Daemon, _ parts: Daemon.Parts, _ loaded: LoadedConfiguration, now: Date
  ) async -> ReloadAnswer {
    let earlier = current.configuration
    doors.pages.exchange(for: parts.site)
    doors.admin.exchange(for: parts.desk)
    doors.monitored.exchange(for: parts.monitored)
    let fresh = doors.inForce.exchange(for: parts.loops)
    current = next
    doors.inForce.run(fresh)
    await next.takeOver(from: earlier, now: now)
    let isSame = earlier.fingerprint == next.configuration.fingerprint
    let fingerprint = next.configuration.fingerprint
    for problem in loaded.problems { logger.warning("\(problem.description)") }
    logger.notice(
      "The configuration was read again and is in force.",
      metadata: ["configuration": "\(fingerprint)", "changed": "\(!isSame)"])
    return ReloadAnswer(
      isInForce: true,
      sentence: isSame
        ? "The configuration was read again; its files say what they said before."
        : "The configuration was read again and is in force.",
      fingerprint: fingerprint, problems: loaded.problems.map(\.description))
  }

  private func refuse(_ problems: [String], now: Date) -> ReloadAnswer {
    current.refused(problems, now: now)
    for problem in problems { logger.error("\(problem)") }
    logger.error(
      "The configuration on the disk is refused; the earlier one stays in force.",
      metadata: [
        "configuration": "\(current.configuration.fingerprint)", "errors": "\(problems.count)",
      ])
    return ReloadAnswer(
      isInForce: false,
      sentence: "The configuration on the disk is refused; the earlier one stays in force.",
      fingerprint: current.configuration.fingerprint, problems: problems)
  }
}
