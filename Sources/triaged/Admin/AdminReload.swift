import Foundation
import Triage

extension AdminOffice {
  /// Has the configuration read again.
  /// - Throws: ``AdminRefusal`` where no daemon runs that could.
  func reload(now: Date) async throws -> ReloadAnswer {
    guard let answer = await reloads?.ask(now: now) else {
      throw AdminRefusal(
        .conflict,
        "No daemon runs that could read its configuration again; it reads it when it starts.")
    }
    return answer
  }

  /// Which configuration is in force, and what keeps the files from being so.
  func configurationStanding() -> StatusReport.ConfigurationStanding {
    StatusReport.ConfigurationStanding(
      fingerprint: configuration.fingerprint, rules: configuration.rules.version,
      since: reloads?.since, refusal: reloads?.refusal)
  }
}
