import Foundation
import Storage
import Triage
import Web

/// How the instance stands, for people and for monitors.
extension AdminOffice {
  /// - Parameter isBrief: without how coordinates are converted: PROJ thinks about that for longer than all else takes,
  ///   and who asks again and again does not read it.
  func status(now: Date, isBrief: Bool = false) async throws -> StatusReport {
    let inputs = await live.inForce(now: now)
    let pauses = try await store.pauses()
    let counts = try await store.counts(configuration, pauses, now: now)
    return StatusReport(
      version: programVersion, instance: configuration.instance,
      timeZone: configuration.timeZone.identifier, now: now,
      daemon: started.map {
        .init(process: getpid(), since: $0, uptimeSeconds: max(0, Int(now.timeIntervalSince($0))))
      },
      feeds: try await feedStandings.all(inputs, now: now), register: registerFinding(inputs),
      areas: live.areas.standing(now: now), gazetteerTrouble: inputs.gazetteerTrouble,
      opportunities: .init(
        waiting: counts.open[.waiting] ?? 0, offered: counts.open[.offered] ?? 0,
        claimed: counts.open[.claimed] ?? 0),
      mail: try await mailStanding(counts, now: now),
      failing: poller.failures.loops, bytesLeft: tooFewBytesLeft,
      coordinates: isBrief ? nil : conversionsInForce(configuration),
      matters: try await matters(now: now),
      paused: pauseStandings(pauses, inputs, now: now), configuration: configurationStanding(),
      retention: try await retentionWatch?.look(now: now), audit: try await auditStanding())
  }

  private func mailStanding(
    _ counts: Counts, now: Date
  ) async throws -> StatusReport.MailStanding {
    let notices = try await store.noticeCounts(now: now)
    let outbox = try await store.outboxCounts()
    return .init(
      owed: counts.owed, oldestOwed: counts.oldestOwed, heldBack: counts.heldBack,
      awaitingSlot: counts.awaitingSlot, refused: counts.failedOpen, noticesOwed: notices.owed,
      oldestRetriedNotice: notices.oldestRetried, noticesRefused: notices.failed,
      otherDoorRefused: notices.otherDoorFailed, hasAdmin: configuration.admin != nil,
      states: Dictionary(uniqueKeysWithValues: outbox.map { ($0.key.rawValue, $0.value) }),
      bouncesNotUnderstood: bounces?.tally.counts.notUnderstood)
  }

  private func registerFinding(_ inputs: LiveInputs.InForce) -> StatusReport.Finding {
    switch inputs.register {
    case .inForce: .init(ok: true, sentence: registerInForce(entries: inputs.registerEntries))
    case .notInForce(let why): .init(ok: false, sentence: "\(why) Nothing is announced.")
    }
  }

  /// What is the matter now, since when as far as it is written down.
  private func matters(now: Date) async throws -> [StatusReport.MatterStanding] {
    let written = try await store.openMatters()
    var standings: [StatusReport.MatterStanding] = []
    for source in matterSources {
      let look = try await source.look(now)
      for matter in look.matters {
        let since = written.first {
          $0.matter.kind == matter.kind && $0.matter.subject == matter.subject
        }?.began
        standings.append(
          .init(
            kind: matter.kind, subject: matter.subject, sentence: matter.sentence, since: since))
      }
      // What cannot be seen just now is as it was.
      for stored in written where look.unseen.contains(stored.matter.kind) {
        standings.append(
          .init(
            kind: stored.matter.kind, subject: stored.matter.subject,
            sentence: stored.matter.sentence, since: stored.began))
      }
    }
    return standings
  }

  private var tooFewBytesLeft: Int? {
    bytesLeft(at: configuration.state).flatMap { $0 < leastBytesLeft ? $0 : nil }
  }

  func metricsText(now: Date) async throws -> String {
    let out = try await store.outings().filter { $0.backAt == nil }
    let kept = backups.list(now: now)
    return metrics(
      MetricFacts(
        status: try await status(now: now, isBrief: true), meters: meters,
        readiness: await readiness?(),
        channels: Array(configuration.channels.keys), loops: poller.failures.loopTallies,
        machine: MachineFacts(state: configuration.state, database: store.path),
        registerSaved: savedAt(configuration.registerFile),
        visits: .init(out: out.count, late: out.count { $0.backBy < now }),
        lastBackup: kept.backups.map(\.made).filter { $0 <= now }.max(), backupDue: kept.lastDue))
  }
}
