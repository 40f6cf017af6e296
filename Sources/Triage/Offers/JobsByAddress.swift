import Foundation

/// Jobs rolled up by address, before any rule is asked: made once, and good for every moment and for every
/// set of rules.
///
/// An address is a UPRN, or a written address that no UPRN is known for. A written address that a job bears
/// together with one single UPRN is that UPRN's, and the jobs that bear it alone go there as well
/// (docs/addresses.md). Addresses and jobs are meant by their positions in ``keys`` and ``jobs``.
package struct JobsByAddress: Sendable {
  package let jobs: [Job]
  package private(set) var keys: [AddressKey] = []
  /// Of each job, the position of its address; -1 where it cannot be told from others.
  package private(set) var addressOf: [Int]
  /// Written addresses that are known to be those of a UPRN.
  package private(set) var aliases: [AddressKey: AddressKey] = [:]
  /// All addresses, those together whose judgements hang together.
  package private(set) var clusters: [Cluster] = []

  /// Of each job, in seconds since the reference date: NaN where it bears none.
  let received: [Double]
  /// When the council closed it or took it off its list; infinite where it did not.
  let closed: [Double]
  private var order: [Int] = []
  private var starts: [Int] = []

  /// Addresses that are judged together: one alone, or several among which complaints went both ways.
  package struct Cluster: Sendable {
    package let addresses: [Int]
    let pairs: [ComplaintPair]
  }

  /// Complaints between two addresses, whatever the rules think of their types.
  struct ComplaintPair: Sendable {
    /// The lesser of the two keys.
    let one: Int
    let other: Int
    /// Positions of the complaints that one and the other made.
    let ofOne: [Int]
    let ofOther: [Int]
  }

  /// - Parameters:
  ///   - without: feeds whose word is not taken for which address is which UPRN's: those on trial, and those
  ///     whose agreement has ended.
  ///   - alsoWritten: written addresses for which a UPRN is asked though no job may bear them any more.
  package init(
    _ jobs: [Job], without feeds: Set<String> = [], alsoWritten: some Sequence<AddressKey> = []
  ) {
    self.jobs = jobs
    received = jobs.map { $0.received?.timeIntervalSinceReferenceDate ?? .nan }
    closed = jobs.map { job in
      let closed = job.closed?.timeIntervalSinceReferenceDate ?? .infinity
      return min(closed, job.gone?.timeIntervalSinceReferenceDate ?? .infinity)
    }
    addressOf = Array(repeating: -1, count: jobs.count)
    var written = WrittenKeys()
    findAliases(&written, without: feeds, alsoWritten: Set(alsoWritten))
    group(&written)
    join()
  }

  /// The positions of the jobs at an address, in the order of ``jobs``.
  package func positions(at address: Int) -> ArraySlice<Int> {
    order[starts[address]..<starts[address + 1]]
  }

  // MARK: - Roll-up

  private mutating func findAliases(
    _ written: inout WrittenKeys, without feeds: Set<String>, alsoWritten: Set<AddressKey>
  ) {
    let isNeeded =
      alsoWritten.contains { !$0.isUPRN }
      || jobs.contains { $0.place.uprn.isEmpty || $0.otherParty != nil }
    guard isNeeded, jobs.contains(where: { !$0.place.uprn.isEmpty }) else { return }
    var uprns: [AddressKey: String?] = [:]
    for job in jobs where !job.place.uprn.isEmpty && !feeds.contains(job.id.feed) {
      guard let key = written.key(of: job.place) else { continue }
      switch uprns[key] {
      case nil: uprns[key] = .some(job.place.uprn)
      case .some(let known?) where known != job.place.uprn: uprns[key] = .some(nil)
      default: break
      }
    }
    for (key, uprn) in uprns {
      if let uprn { aliases[key] = AddressKey(text: "uprn:" + uprn) }
    }
  }

  private mutating func group(_ written: inout WrittenKeys) {
    var known: [AddressKey: Int] = [:]
    known.reserveCapacity(jobs.count / 2)
    var counts: [Int] = []
    for (at, job) in jobs.enumerated() {
      let key: AddressKey
      if !job.place.uprn.isEmpty {
        key = AddressKey(text: "uprn:" + job.place.uprn)
      } else if let own = written.key(of: job.place) {
        key = aliases[own] ?? own
      } else {
        continue
      }
      if let address = known[key] {
        addressOf[at] = address
        counts[address] += 1
      } else {
        known[key] = keys.count
        addressOf[at] = keys.count
        keys.append(key)
        counts.append(1)
      }
    }
    starts = [0]
    starts.reserveCapacity(counts.count + 1)
    for count in counts { starts.append(starts.last! + count) }
    var next = starts
    order = Array(repeating: 0, count: starts.last!)
    for (at, address) in addressOf.enumerated() where address >= 0 {
      order[next[address]] = at
      next[address] += 1
    }
  }

  // MARK: - Complaints both ways

  private mutating func join() {
    let pairs = complaintPairs()
    var parent = Array(keys.indices)
    func root(_ address: Int) -> Int {
      var address = address
      while parent[address] != address { address = parent[address] }
      return address
    }
    for pair in pairs { parent[root(pair.one)] = root(pair.other) }
    if pairs.isEmpty {
      clusters = keys.indices.map { Cluster(addresses: [$0], pairs: []) }
      return
    }
    var members: [[Int]] = Array(repeating: [], count: keys.count)
    var joined: [[ComplaintPair]] = Array(repeating: [], count: keys.count)
    for address in keys.indices { members[root(address)].append(address) }
    for pair in pairs { joined[root(pair.one)].append(pair) }
    clusters = keys.indices.lazy.filter { !members[$0].isEmpty }
      .map { Cluster(addresses: members[$0], pairs: joined[$0]) }
  }

  private func complaintPairs() -> [ComplaintPair] {
    guard jobs.contains(where: { $0.otherParty != nil }) else { return [] }
    // A fingerprint of two addresses is nobody's.
    var addresses: [Int64: Int] = [:]
    func note(_ key: AddressKey, _ address: Int) {
      let print = key.print
      addresses[print] = addresses[print, default: address] == address ? address : -1
    }
    for (address, key) in keys.enumerated() { note(key, address) }
    let positions = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    for (written, uprn) in aliases {
      if let address = positions[uprn] { note(written, address) }
    }
    var about: [[Int]: [Int]] = [:]
    for (at, job) in jobs.enumerated() where addressOf[at] >= 0 {
      guard let print = job.otherParty, let other = addresses[print], other >= 0,
        other != addressOf[at]
      else { continue }
      about[[addressOf[at], other], default: []].append(at)
    }
    return about.keys.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { way in
      guard keys[way[0]].text < keys[way[1]].text, let back = about[[way[1], way[0]]] else {
        return nil
      }
      return ComplaintPair(one: way[0], other: way[1], ofOne: about[way]!, ofOther: back)
    }
  }
}

/// Keys of written addresses: the same text comes with every job of a household.
private struct WrittenKeys {
  private struct Written: Hashable {
    let address: String
    let postcode: String
  }

  private var keys: [Written: AddressKey?] = [:]

  mutating func key(of place: Place) -> AddressKey? {
    let written = Written(address: place.address, postcode: place.postcode)
    if let known = keys[written] { return known }
    let key = AddressKey(Place(address: place.address, postcode: place.postcode))
    keys[written] = .some(key)
    return key
  }
}
