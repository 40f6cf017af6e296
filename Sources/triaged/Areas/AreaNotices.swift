import Foundation
import Triage

/// The mails about boundary files that cannot take effect, and that can again; `nil` where no admin is named.
struct AreaNotices: Sendable {
  let configuration: Configuration

  func usable(_ standing: AreasStanding, now: Date) -> Notice? {
    configuration.admin.map { admin in
      .areasUsable(
        inForce: standing.inForceSentence(at: now), id: UUID().uuidString.lowercased(), to: admin,
        instance: configuration.instance, words: words(now))
    }
  }

  /// - Parameter pictures: as SVG, with the sentences that they go with; each takes a child process.
  func refused(
    _ trouble: AreaTrouble, _ pictures: [(sentence: String, svg: String)],
    _ standing: AreasStanding, now: Date
  ) -> Notice? {
    configuration.admin.map { admin in
      .areasRefused(
        trouble.told, unlisted: trouble.sentences.count - trouble.told.count,
        acceptCommand: trouble.acceptCommand,
        pictures: pictures.map { noticePicture($0.svg, alternative: $0.sentence) },
        inForce: standing.inForceSentence(at: now), id: UUID().uuidString.lowercased(), to: admin,
        instance: configuration.instance, words: words(now))
    }
  }

  private func words(_ now: Date) -> CivilWords {
    CivilWords(zone: configuration.timeZone, now: now)
  }
}
