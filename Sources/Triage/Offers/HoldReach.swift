/// Which addresses a job may hold beside its own.
///
/// The roll-up joins what is certain (``JobsByAddress/aliases``), and lets go where it is not: a second UPRN
/// comes with the same words, a feed goes on trial, its agreement ends. To hold an address takes no certainty:
/// a written address and every UPRN that was ever borne together with it hold each other, and so does what is
/// said about an address from elsewhere.
struct HoldReach: Sendable {
  /// Of each job the number of its written address; -1 where it has none that can be told from others, or
  /// where nobody needs it.
  private let writtenOf: [Int]
  /// By number.
  private let written: [AddressKey]
  /// By number, the jobs that bear a written address; only of those whose jobs are at several addresses.
  private let sharing: [Int: [Int]]

  init(_ writtenOf: [Int], _ written: [AddressKey], _ addressOf: [Int]) {
    self.writtenOf = writtenOf
    self.written = written
    var first = Array(repeating: -1, count: written.count)
    var sharing: [Int: [Int]] = [:]
    for (at, number) in writtenOf.enumerated() where number >= 0 && addressOf[at] >= 0 {
      if first[number] < 0 {
        first[number] = addressOf[at]
      } else if first[number] != addressOf[at] {
        sharing[number] = []
      }
    }
    if !sharing.isEmpty {
      for (at, number) in writtenOf.enumerated() where number >= 0 { sharing[number]?.append(at) }
    }
    self.sharing = sharing
  }

  /// Jobs at other addresses that may be at that of a job. A written address alone may be any UPRN's that ever
  /// came with it, whatever else is written there; a UPRN may be at every written address that came with it, in
  /// whichever spelling. Two UPRNs are two dwellings.
  func others(than at: Int, _ book: JobsByAddress) -> [Int] {
    let own = book.addressOf[at]
    guard !sharing.isEmpty, own >= 0 else { return [] }
    var others: Set<Int> = []
    if book.jobs[at].place.uprn.isEmpty {
      for other in bearing(writtenOf[at], alone: false, but: own, book) {
        others.formUnion(book.positions(at: book.addressOf[other]))
      }
    }
    for beside in book.positions(at: own) where !book.jobs[beside].place.uprn.isEmpty {
      others.formUnion(bearing(writtenOf[beside], alone: true, but: own, book))
    }
    return others.sorted()
  }

  /// The jobs at other addresses that bear a written address, alone or together with a UPRN.
  private func bearing(
    _ number: Int, alone isAlone: Bool, but own: Int, _ book: JobsByAddress
  ) -> [Int] {
    guard number >= 0, let bearing = sharing[number] else { return [] }
    return bearing.filter { other in
      book.jobs[other].place.uprn.isEmpty == isAlone && book.addressOf[other] >= 0
        && book.addressOf[other] != own
    }
  }

  /// Of each address the jobs of other addresses that are said to hold it as well.
  /// - Parameter jobs: positions of the jobs that hold their addresses.
  func holders(_ jobs: [Int], _ book: JobsByAddress) -> [Int: [Int]] {
    var holders: [Int: Set<Int>] = [:]
    for at in jobs {
      for other in others(than: at, book) { holders[book.addressOf[other], default: []].insert(at) }
    }
    var about: [Int64: [Int]] = [:]
    for at in jobs {
      if let print = book.jobs[at].otherParty { about[print, default: []].append(at) }
    }
    if !about.isEmpty {
      let ofWritten = written.map { about[$0.print] ?? [] }
      let ofKey = book.keys.map { about[$0.print] ?? [] }
      for (at, address) in book.addressOf.enumerated() where address >= 0 {
        var named = ofKey[address]
        if writtenOf[at] >= 0 { named += ofWritten[writtenOf[at]] }
        for other in others(than: at, book) { named += ofKey[book.addressOf[other]] }
        if !named.isEmpty { holders[address, default: []].formUnion(named) }
      }
    }
    return holders.mapValues { $0.sorted() }
  }
}
