import Triage

/// Addresses that are told otherwise than they were stored: a written address turned out to be that of a
/// UPRN, or the rules of normalising have changed.
package struct Rekeyed: Sendable {
  /// Jobs that no list has changed, with what their address is now.
  package private(set) var jobs: [(job: JobRef, address: AddressKey?)] = []
  /// Where what is stored under an address belongs now.
  package private(set) var moves: [AddressKey: AddressKey] = [:]

  /// Nothing is told otherwise.
  package init() {}

  /// - Parameters:
  ///   - jobs: those that were judged, in the order of the verdict's addresses.
  ///   - changed: so many of them, from the first, are new or changed by the list: they are written with
  ///     their address anyway, and one that was corrected takes nothing along.
  package init(_ known: KnownState, _ jobs: [Job], _ verdict: Verdict, changed: Int) {
    guard jobs.count == verdict.addresses.count, known.jobs.count == known.addressKeys.count else {
      return
    }
    var stored: [JobRef: AddressKey?] = [:]
    stored.reserveCapacity(known.jobs.count)
    for (job, key) in zip(known.jobs, known.addressKeys) { stored[job.id] = .some(key) }
    var kept: Set<AddressKey> = []
    var seen: [AddressKey: Set<AddressKey>] = [:]
    for at in changed..<max(changed, jobs.count) {
      guard let before = stored[jobs[at].id] else { continue }
      let now = verdict.addresses[at]
      if before == now { continue }
      self.jobs.append((jobs[at].id, now))
      if let before, let now { seen[before, default: []].insert(now) }
    }
    if !seen.isEmpty {
      for (at, job) in jobs.enumerated() {
        guard let before = stored[job.id] ?? nil, before == verdict.addresses[at] else { continue }
        kept.insert(before)
      }
    }
    for (before, now) in seen where now.count == 1 && !kept.contains(before) {
      moves[before] = now.first
    }
    moves.merge(verdict.aliases) { _, alias in alias }
  }

  var isEmpty: Bool { jobs.isEmpty && moves.isEmpty }
}
