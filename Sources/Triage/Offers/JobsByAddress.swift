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
  private(set) var reach = HoldReach([], [], [])
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
    addressOf = []
    let texts = AddressTexts(jobs, alsoWritten: Set(alsoWritten.lazy.filter { !$0.isUPRN }))
    let uprnOf = uprns(texts, without: feeds)
    for (key, uprn) in uprnOf.enumerated() where uprn >= 0 {
      aliases[texts.keys[key]] = texts.uprns[uprn]
    }
    number(texts, uprnOf)
    reach = HoldReach(texts.keyOf, texts.keys, addressOf)
    group()
    join()
  }

  /// The positions of the jobs at an address, in the order of ``jobs``.
  package func positions(at address: Int) -> ArraySlice<Int> {
    order[starts[address]..<starts[address + 1]]
  }

  // MARK: - Roll-up

  /// Of each written address the UPRN that jobs bear together with it: -1 where there is none, -2 where there
  /// are several.
  private func uprns(_ texts: AddressTexts, without feeds: Set<String>) -> [Int] {
    var uprnOf = Array(repeating: -1, count: texts.keys.count)
    for at in jobs.indices {
      let (key, uprn) = (texts.keyOf[at], texts.uprnOf[at])
      guard key >= 0, uprn >= 0, feeds.isEmpty || !feeds.contains(jobs[at].id.feed) else {
        continue
      }
      uprnOf[key] = uprnOf[key] == -1 || uprnOf[key] == uprn ? uprn : -2
    }
    return uprnOf
  }

  /// Gives each job the position of its address, in the order in which the addresses come.
  private mutating func number(_ texts: AddressTexts, _ uprnOf: [Int]) {
    var ofUPRN = Array(repeating: -1, count: texts.uprns.count)
    var ofKey = Array(repeating: -1, count: texts.keys.count)
    addressOf.reserveCapacity(jobs.count)
    for at in jobs.indices {
      let key = texts.keyOf[at]
      var uprn = texts.uprnOf[at]
      if uprn < 0, key >= 0 { uprn = uprnOf[key] }
      if uprn >= 0 {
        if ofUPRN[uprn] < 0 {
          ofUPRN[uprn] = keys.count
          keys.append(texts.uprns[uprn])
        }
        addressOf.append(ofUPRN[uprn])
      } else if key >= 0 {
        if ofKey[key] < 0 {
          ofKey[key] = keys.count
          keys.append(texts.keys[key])
        }
        addressOf.append(ofKey[key])
      } else {
        addressOf.append(-1)
      }
    }
  }

  private mutating func group() {
    starts = Array(repeating: 0, count: keys.count + 1)
    for address in addressOf where address >= 0 { starts[address + 1] += 1 }
    for address in keys.indices { starts[address + 1] += starts[address] }
    var next = starts
    order = Array(repeating: 0, count: starts[keys.count])
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

/// The UPRNs and the written addresses that jobs bear, each once, as small numbers: texts are compared once.
private struct AddressTexts {
  /// By number.
  var uprns: [AddressKey] = []
  var keys: [AddressKey] = []
  /// Of each job; -1 where it bears none. A written address is only asked of a job with a UPRN where it could
  /// tell whose another one is: taking addresses apart is most of what a pass costs.
  var uprnOf: [Int] = []
  var keyOf: [Int] = []

  private struct Written: Hashable {
    let address: String
    let postcode: String
  }

  init(_ jobs: [Job], alsoWritten: Set<AddressKey>) {
    let asksAll =
      !alsoWritten.isEmpty
      || jobs.contains { $0.place.uprn.isEmpty || $0.otherParty != nil }
    var numberOfUPRN: [String: Int] = [:]
    var numberOfKey: [AddressKey: Int] = [:]
    // The same text comes with every job of a household.
    var known: [Written: Int] = [:]
    known.reserveCapacity(asksAll ? jobs.count : 0)
    numberOfKey.reserveCapacity(asksAll ? jobs.count / 2 : 0)
    numberOfUPRN.reserveCapacity(jobs.count / 2)
    uprnOf.reserveCapacity(jobs.count)
    keyOf.reserveCapacity(jobs.count)
    for job in jobs {
      let place = job.place
      if place.uprn.isEmpty {
        uprnOf.append(-1)
      } else if let number = numberOfUPRN[place.uprn] {
        uprnOf.append(number)
      } else {
        uprnOf.append(uprns.count)
        numberOfUPRN[place.uprn] = uprns.count
        uprns.append(AddressKey(text: "uprn:" + place.uprn))
      }
      guard asksAll else {
        keyOf.append(-1)
        continue
      }
      let written = Written(address: place.address, postcode: place.postcode)
      if let number = known[written] {
        keyOf.append(number)
        continue
      }
      var number = -1
      if let key = AddressKey(Place(address: place.address, postcode: place.postcode)) {
        number = numberOfKey[key] ?? keys.count
        if number == keys.count {
          numberOfKey[key] = number
          keys.append(key)
        }
      }
      known[written] = number
      keyOf.append(number)
    }
  }
}
