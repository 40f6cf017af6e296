import Foundation
import Triage
import Web

/// All that the metrics are made of: gathered first, so that the text is made without asking anybody.
struct MetricFacts: Sendable {
  var status: StatusReport
  var meters = Meters()
  /// As `/readyz` tells it; `nil` where no daemon runs.
  var readiness: Readiness?
  /// Of the configuration.
  var channels: [String] = []
  var loops: [String: LoopTally] = [:]
  var machine: MachineFacts?
  /// When the contact register was saved last; `nil`: it is missing.
  var registerSaved: Date?
  /// Those who are out on visits.
  var visits: Visits?
  /// When the newest backup was made; `nil`: there is none.
  var lastBackup: Date?
  /// When the schedule asked for one last; `nil`: there is none.
  var backupDue: Date?

  struct Visits: Hashable, Sendable {
    var out = 0
    /// Of them, those who were to be back by now.
    var late = 0
  }
}

/// The metrics of an instance, by the conventions of Prometheus (https://prometheus.io/docs/practices/naming/).
///
/// Labels are names of the configuration and of our own enums: never a person, an address, a reference or a file's name.
/// What each family says, and what to do where it is bad: docs/monitoring.md.
func metrics(_ facts: MetricFacts) -> String {
  var text = MetricsText()
  let status = facts.status
  text.family(
    "triaged_build_info", .gauge, "Always 1; its labels tell the version that runs.",
    [([("version", status.version ?? "unknown"), ("name", status.instance)], 1)])
  if let readiness = facts.readiness {
    text.family(
      "triaged_ready", .gauge, "Whether /readyz is fine, part by part.",
      readiness.checks.map { ([("check", $0.name)], $0.ok ? 1 : 0) })
  }
  feedFamilies(status.feeds.filter(\.isConfigured), facts.meters.feeds, &text)
  safetyFamilies(facts, &text)
  areaFamilies(status, &text)
  mailFamilies(facts, &text)
  deskFamilies(facts, &text)
  loopFamilies(facts.loops, &text)
  text.family(
    "triaged_backup_last_timestamp_seconds", .gauge,
    "When the newest backup was made, in seconds since 1970; absent where there is none.",
    facts.lastBackup.map { [([], timestamp($0))] } ?? [])
  text.family(
    "triaged_backup_due_timestamp_seconds", .gauge,
    "When the last backup was due, in seconds since 1970; absent where none is made by itself.",
    facts.backupDue.map { [([], timestamp($0))] } ?? [])
  if let retention = status.retention { retentionFamilies(retention, &text) }
  if let machine = facts.machine { machineFamilies(machine, since: status.daemon?.since, &text) }
  return text.text
}

private func safetyFamilies(_ facts: MetricFacts, _ text: inout MetricsText) {
  text.family(
    "triaged_register_in_force", .gauge,
    "Whether the contact register is in force; without it nothing is announced.",
    [([], facts.status.register.ok ? 1 : 0)])
  text.family(
    "triaged_register_age_seconds", .gauge,
    "Seconds since the contact register was saved last; absent where it is missing.",
    facts.registerSaved.map { [([], age(of: $0, facts))] } ?? [])
  if let visits = facts.visits {
    text.family(
      "triaged_visits", .gauge,
      "People who are out on a visit, and of them those who were to be back by now.",
      [([("state", "out")], Double(visits.out)), ([("state", "late")], Double(visits.late))])
  }
  if let matters = facts.status.matters {
    text.family(
      "triaged_matters", .gauge, "What is the matter with the instance, by kind.",
      Matter.Kind.allCases.map { kind in
        ([("kind", kind.rawValue)], Double(matters.count { $0.kind == kind }))
      })
  }
}

private func areaFamilies(_ status: StatusReport, _ text: inout MetricsText) {
  guard let areas = status.areas else { return }
  text.family(
    "triaged_areas", .gauge, "Areas that are in force, by whether they count today.",
    [
      ([("counts", "yes")], Double(areas.areas.count(where: \.countsToday))),
      ([("counts", "no")], Double(areas.areas.count { !$0.countsToday })),
    ])
  text.family(
    "triaged_area_trouble", .gauge,
    "Whether the boundary files cannot take effect, so that the last good areas stay in force.",
    [([], areas.trouble == nil ? 0 : 1)])
}

private func deskFamilies(_ facts: MetricFacts, _ text: inout MetricsText) {
  let open = facts.status.opportunities
  text.family(
    "triaged_opportunities", .gauge, "Open opportunities by state.",
    [("waiting", open.waiting), ("offered", open.offered), ("claimed", open.claimed)].map {
      ([("state", $0.0)], Double($0.1))
    })
  text.family(
    "triaged_claims_total", .counter,
    "Presses on \"claim\" since the start, at links and on the board, by what came of them.",
    ClaimCount.allCases.map { ([("result", $0.rawValue)], Double(facts.meters.claims[$0])) })
  text.family(
    "triaged_web_responses_total", .counter, "Answers of the pages since the start, by class.",
    WebCount.Class.allCases.map {
      ([("class", $0.rawValue)], Double(facts.meters.pages[.answered($0)]))
    })
  text.family(
    "triaged_web_refusals_total", .counter,
    "Requests to the pages that came to no desk, or to no link, since the start.",
    WebCount.Reason.allCases.map {
      ([("reason", $0.rawValue)], Double(facts.meters.pages[.refused($0)]))
    })
}

/// Seconds, none below nought: a file may have been saved by a clock that is ahead.
func age(of date: Date, _ facts: MetricFacts) -> Double {
  seconds(max(0, facts.status.now.timeIntervalSince(date)))
}

/// For a timestamp: since 1970, by the millisecond.
func timestamp(_ date: Date) -> Double { seconds(date.timeIntervalSince1970) }

private func seconds(_ exact: Double) -> Double { (exact * 1000).rounded() / 1000 }
