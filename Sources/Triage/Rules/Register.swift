import Synchronization

/// The contact register: who is not to be contacted, or only with care. Read from `register.csv`, joined
/// with what people have said at the door (``OptOut``).
///
/// Fails closed: where the register is not in force, nothing is announced and nothing claimed; an entry
/// whose date has passed goes on holding until somebody renews or removes it.
package struct Register: Hashable, Sendable {
  package enum Flag: String, Sendable, Codable, CaseIterable {
    case doNotContact = "do_not_contact"
    case noLetter = "no_letter"
    case notAlone = "not_alone"
  }

  /// How far an entry reaches.
  package enum Scope: String, Sendable, CaseIterable {
    /// From one flat to the whole building, and from the building to every flat.
    case building
    /// One dwelling: another flat of the building, where both say which they are, is not meant.
    case dwelling
  }

  /// Why an entry stands there: words about the contact, never about a person.
  package enum Reason: String, Sendable, CaseIterable {
    /// Somebody there asked for it.
    case asked
    /// Being contacted may put somebody at risk.
    case risk
    /// A letter or a message may be read by others.
    case letters
    /// Visit in a pair.
    case pairs
    /// Another service leads there: ask it first.
    case service
    /// A court or a council has ordered it.
    case order
    case other
  }

  private var byUPRN: [String: Set<Flag>] = [:]
  /// By the texts of ``AddressTraces``.
  private var byTrace: [String: Held] = [:]
  /// Of what the texts of ``byTrace`` begin with: a place that has none of them is in none.
  private var words: Set<String> = []
  private var postcodes: Set<String> = []
  private var shapes: [FlaggedShape] = []
  private var fingerprinted: [Flag: FingerprintedPlaces] = [:]
  /// What was found for the written addresses that were asked for: every pass asks for the same ones. Of the
  /// register as it is now; a new entry begins it anew.
  private var found = FoundFlags()

  /// What holds at one trace.
  private struct Held: Hashable {
    var building: Set<Flag> = []
    /// By what tells the dwelling of an entry for one (``AddressTraces/unit``).
    var dwellings: [Set<String>: Set<Flag>] = [:]
  }

  package init() {}

  package var isEmpty: Bool {
    byUPRN.isEmpty && byTrace.isEmpty && shapes.isEmpty && fingerprinted.isEmpty
  }

  /// - Parameter scope: a flag on one flat holds for its whole building, and one on the building for every
  ///   flat, unless it says otherwise.
  package mutating func add(
    _ flag: Flag, uprn: String, address: String, postcode: String, scope: Scope = .building
  ) {
    found = FoundFlags()
    let uprn = normalisedUPRN(uprn)
    if let uprn { byUPRN[uprn, default: []].insert(flag) }
    let written = AddressWords(address, postcode: postcode)
    let traces = AddressTraces(written)
    // A whole house has no other dwelling beside it.
    let unit = scope == .dwelling ? traces.unit : []
    for trace in traces.filed(alone: uprn == nil) {
      if unit.isEmpty {
        byTrace[trace, default: Held()].building.insert(flag)
      } else {
        byTrace[trace, default: Held()].dwellings[unit, default: []].insert(flag)
      }
    }
    words.formUnion(traces.nameWords)
    if !written.postcode.isEmpty { postcodes.insert(written.postcode) }
  }

  /// Somebody who was met there asked for it: their dwelling, and the building where that cannot be told.
  package mutating func add(_ flag: Flag, at place: Place) {
    add(
      flag, uprn: place.uprn, address: place.address, postcode: place.postcode, scope: .dwelling)
  }

  /// Dwellings that nobody can name any more, in place of those that were added before.
  package mutating func add(_ flag: Flag, at places: FingerprintedPlaces) {
    found = FoundFlags()
    fingerprinted[flag] = places
  }

  /// Everything inside the areas, borders included. What a postcode alone places counts as inside from
  /// ``approximateMetres`` away, and what nothing places counts as inside.
  package mutating func add(_ flag: Flag, inside areas: [PilotArea]) {
    if let at = shapes.firstIndex(where: { $0.index.areas == areas }) {
      shapes[at].flags.insert(flag)
    } else {
      shapes.append(FlaggedShape(flags: [flag], index: AreaIndex(areas)))
    }
  }

  /// Metres that the homes of a postcode may lie from its middle.
  package static let approximateMetres = 250.0

  /// All flags that hold for a place, by its UPRN, by its written address and by where it is.
  ///
  /// Another spelling must not hide an address, so that a flag may hold for a neighbour as well.
  package func flags(for place: Place) -> Set<Flag> {
    var flags = byUPRN[place.uprn] ?? []
    for shape in shapes where shape.holds(place) { flags.formUnion(shape.flags) }
    if byTrace.isEmpty, fingerprinted.isEmpty { return flags }
    let written = found.flags(place.address, place.postcode) {
      self.flags(writtenAs: place)
    }
    return written.isEmpty ? flags : flags.union(written)
  }

  private func flags(writtenAs place: Place) -> Set<Flag> {
    let written = AddressWords(place.address, postcode: place.postcode)
    guard mayMeet(written) || !fingerprinted.isEmpty else { return [] }
    var flags: Set<Flag> = []
    let traces = AddressTraces(written)
    for trace in traces.sought {
      guard let held = byTrace[trace] else { continue }
      flags.formUnion(held.building)
      for (unit, own) in held.dwellings
      where traces.unit.isEmpty || !traces.unit.isDisjoint(with: unit) {
        flags.formUnion(own)
      }
    }
    for (flag, places) in fingerprinted where places.mayHold(traces) { flags.insert(flag) }
    return flags
  }

  /// Most places share neither a street's word nor a postcode with any entry, and are told by that alone.
  private func mayMeet(_ written: AddressWords) -> Bool {
    postcodes.contains(written.postcode)
      || written.segments.contains { $0.contains(where: words.contains) }
  }
}

/// Flags by written address, found once: to take an address apart takes a hundred times as long as to look it
/// up. Two registers are equal whatever was asked of them.
private final class FoundFlags: Sendable, Hashable {
  private struct Written: Hashable {
    var address: String
    var postcode: String
  }

  /// More addresses than any team has jobs at.
  private static let most = 200_000
  private let known = Mutex<[Written: Set<Register.Flag>]>([:])

  func flags(
    _ address: String, _ postcode: String, else find: () -> Set<Register.Flag>
  ) -> Set<Register.Flag> {
    let written = Written(address: address, postcode: postcode)
    if let flags = known.withLock({ $0[written] }) { return flags }
    let flags = find()
    known.withLock {
      if $0.count >= FoundFlags.most { $0.removeAll() }
      $0[written] = flags
    }
    return flags
  }

  static func == (one: FoundFlags, other: FoundFlags) -> Bool { true }

  func hash(into hasher: inout Hasher) {}
}

/// A part of the map, with what holds in it.
private struct FlaggedShape: Hashable, Sendable {
  var flags: Set<Register.Flag>
  let index: AreaIndex

  func holds(_ place: Place) -> Bool {
    guard let point = place.point else { return true }
    switch place.location {
    case .coordinates, .uprn: return index.firstPosition(holding: point) != nil
    case .postcode, .postcodeNearEdge, .none:
      return index.firstPosition(holding: point) != nil
        || index.nearestEdge(to: point, within: Register.approximateMetres) != nil
    }
  }

  static func == (one: FlaggedShape, other: FlaggedShape) -> Bool {
    one.flags == other.flags && one.index.areas == other.index.areas
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(flags)
    hasher.combine(index.areas.map(\.id))
  }
}

/// Whether the register may be relied on now.
package enum RegisterState: Hashable, Sendable {
  case inForce(Register)
  /// Missing, unreadable or too old: the sentence says which.
  case notInForce(why: String)

  package var register: Register? {
    if case .inForce(let register) = self { register } else { nil }
  }
}
