import Foundation
import Geography
import Logging
import Storage
import Triage

/// Tells the admin what an edit of the areas has changed, once it is in force.
///
/// A set that is not told yet *is* the mail that is owed: it was written when the set took effect. What it
/// changed is found out here, in the background, and the mail is owed in the transaction that marks the
/// set as told; killed anywhere, it is told once. Edits that come while one is reckoned are told together
/// by the next mail.
actor AreasTold {
  // Boundary files are read, and pictures made.
  private let executor = SerialQueueExecutor(label: "triaged.areas-told")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let configuration: Configuration
  private let store: Store
  private let effector: AreaEffector
  private let logger: Logger

  init(
    configuration: Configuration, store: Store, effector: AreaEffector, logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.effector = effector
    self.logger = logger
  }

  /// - Returns: whether something was told, or needs not be any more.
  @discardableResult
  func round(now: Date) async throws -> Bool {
    guard let (before, after, since) = try await store.untoldAreas() else { return false }
    guard let admin = configuration.admin else {
      try await store.areasTold(id: after.id, notice: nil, now: now)
      return true
    }
    let grid = configuration.grid
    guard let from = readKeptAreas([UInt8](before.areas), grid: grid),
      let to = readKeptAreas([UInt8](after.areas), grid: grid)
    else {
      // Another grid since then: nothing can be compared, and the start of the service was told of it.
      logger.error(
        "What an edit of the areas has changed cannot be told: the grid was changed too.")
      try await store.areasTold(id: after.id, notice: nil, now: now)
      return true
    }
    var notice: Notice?
    // Edited and put back: nothing is different from what was told last.
    if !AreaChanges(from: from, to: to).isEmpty {
      let effects: AreaEffects
      do {
        effects = try await effector.effects(from: from, to: to, since: before.since, now: now)
      } catch is CancellationError {
        return false
      }
      notice = .areasEdited(
        effects, to: admin, configuration, files: files(of: effects), warnings: warnings(on: to),
        since: since, now: now)
    }
    try await store.areasTold(id: after.id, notice: notice, now: now)
    logger.notice("What the edit of the areas has changed was told to the admin.")
    return true
  }

  /// What is not wrong with the set and may still not be meant: sentences. None where the files say
  /// something else by now; they are told of by themselves.
  private func warnings(on areas: [PilotArea]) -> [String] {
    let loaded = loadAreas(
      folder: configuration.areasFolder, grid: configuration.grid,
      settings: configuration.areaSettings)
    guard loaded.areas == areas else { return [] }
    let named = namedAreaProblems(
      folder: configuration.folder, rules: configuration.rules, team: configuration.team,
      ids: areas.map(\.id))
    return (named + loaded.problems).filter { $0.severity == .warning }.map {
      plainLine($0.description)
    }
  }

  /// The boundary files that hold the changed areas now, by name.
  private func files(of effects: AreaEffects) -> [String] {
    let changed = Set(effects.areas.filter { $0.change != .same }.map(\.id))
    let set = readAreas(
      folder: configuration.areasFolder, grid: configuration.grid,
      settings: configuration.areaSettings)
    return set.files.filter { file in file.areas.contains { changed.contains($0.id) } }
      .map { $0.name.split(separator: "/").last.map(String.init) ?? $0.name }.sorted()
  }
}

extension Notice {
  /// The mail after an edit of the areas.
  ///
  /// - Parameters:
  ///   - files: names of the boundary files that have the changed areas now.
  ///   - warnings: on the set in force, sentences.
  ///   - since: when the first of the edits took effect.
  static func areasEdited(
    _ effects: AreaEffects, to admin: AdminContact, _ configuration: Configuration, files: [String],
    warnings: [String], since: Date, now: Date
  ) -> Notice {
    let words = CivilWords(zone: configuration.timeZone, now: now)
    let text = AreaEffectsText(effects: effects, isDone: true, most: 10)
    let names = effects.areas.filter { $0.change != .same }.map { plainLine($0.name) }
    let some = names.prefix(3).joined(separator: ", ")
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    var paragraphs = [text.summary]
    if let kept = text.kept { paragraphs.append(kept) }
    let blocks = text.blocks
    for block in blocks.prefix(mostBlocks) {
      paragraphs.append(block.heading + ".")
      paragraphs += block.lines
    }
    if blocks.count > mostBlocks {
      paragraphs.append(
        "\(CivilWords.counted(blocks.count - mostBlocks, "more area")) changed too.")
    }
    if !warnings.isEmpty {
      paragraphs.append("What may not be meant:")
      paragraphs += warnings.prefix(mostWarnings)
      if warnings.count > mostWarnings {
        paragraphs.append(
          "And \(CivilWords.grouped(warnings.count - mostWarnings)) more: triaged check")
      }
    }
    paragraphs += [text.others, text.reach].compactMap(\.self) + text.older
    paragraphs.append(
      "The areas are in force since \(words.fullMoment(since)). What is claimed stays with its holder."
    )
    let files = files.prefix(10).joined(separator: ", ")
    paragraphs.append(
      "To go back put the old boundary file back into \(configuration.areasFolder)"
        + (files.isEmpty ? "" : " (the changed areas are in \(files) now)")
        + "; it takes effect within a minute, and you are told again.")
    paragraphs.append("To look closer: triaged areas draw -o map.html")
    paragraphs.append(
      "To see what another edit would change, before it is made: triaged areas diff NEW")
    var pictures: [NoticePicture] = []
    if let picture = effects.picture {
      pictures = [
        noticePicture(
          picture,
          alternative: "The areas before and after the edit. \(effects.pictureSays ?? text.summary)"
        )
      ]
    }
    return Notice(
      id: UUID().uuidString.lowercased(), recipient: admin.email, channel: admin.channel,
      subject: "\(configuration.instance): the areas were edited: \(some)\(more)",
      paragraphs: paragraphs, pictures: pictures, created: now)
  }

  /// Areas that one mail speaks of.
  private static let mostBlocks = 12
  private static let mostWarnings = 10
}
