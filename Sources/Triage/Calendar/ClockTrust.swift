import Foundation

/// A moment by a clock that nobody can set.
package struct MachineTime: Hashable, Sendable {
  /// Seconds since the machine was started; they go on while it sleeps.
  package var seconds: Double
  /// Another one after each start of the machine.
  package var boot: String

  package init(seconds: Double, boot: String) {
    self.seconds = seconds
    self.boot = boot
  }
}

/// Whether the wall clock is to be believed. What takes something from people by the clock (a claim, a row) asks
/// here first; a value of this type is kept over restarts.
///
/// A wall clock that is ahead of the last one believed, by the machine's own, by more than an hour is not believed
/// before it has stayed so for an hour. One that went back is believed at once: it takes nothing too early. Of
/// the time while the machine was off nothing is known: of a step of up to 35 days it is believed that so much time
/// went by, and a longer one has to stay for an hour.
package struct ClockTrust: Hashable, Sendable {
  /// Seconds.
  package static let mostAhead = 3600.0
  package static let stays = 3600.0
  package static let mostOff = 35 * 86_400.0
  /// A clock that is put right by less stays the same one.
  private static let same = 60.0
  /// Two clocks that are not read at the very same moment.
  private static let noise = 1.0

  /// A reading of the clock that is not believed yet.
  package struct Doubt: Hashable, Sendable {
    /// Wall clock less machine clock, in seconds.
    package var offset: Double
    /// Seconds of the machine's clock.
    package var since: Double

    package init(offset: Double, since: Double) {
      self.offset = offset
      self.since = since
    }
  }

  /// What the journal is to say.
  package enum News: Hashable, Sendable {
    /// By so many seconds.
    case jumped(Double)
    case stayed
    case right
  }

  package var boot: String
  /// As it is believed: wall clock less machine clock, in seconds since 1970 (UTC).
  package var offset: Double
  /// What a believed clock showed at the last look.
  package var believed: Date
  package var doubt: Doubt?
  package private(set) var isTrusted: Bool

  package init(
    boot: String, offset: Double, believed: Date, doubt: Doubt? = nil, isTrusted: Bool = true
  ) {
    self.boot = boot
    self.offset = offset
    self.believed = believed
    self.doubt = doubt
    self.isTrusted = isTrusted
  }

  /// The first look ever, which has nothing to compare with.
  package init(now: Date, machine: MachineTime) {
    self.init(
      boot: machine.boot, offset: now.timeIntervalSince1970 - machine.seconds, believed: now)
  }

  /// Looks at both clocks.
  package mutating func look(now: Date, machine: MachineTime) -> News? {
    let wasTrusted = isTrusted
    let seen = now.timeIntervalSince1970 - machine.seconds
    if machine.boot != boot {
      boot = machine.boot
      doubt = nil
      offset =
        now.timeIntervalSince(believed) <= ClockTrust.mostOff
        ? seen : believed.timeIntervalSince1970 - machine.seconds
    }
    var hasStayed = false
    if seen - offset <= ClockTrust.noise {
      (offset, doubt) = (min(seen, offset), nil)
    } else {
      let known = doubt.flatMap { abs($0.offset - seen) <= ClockTrust.same ? $0 : nil }
      let doubt = known ?? Doubt(offset: seen, since: machine.seconds)
      hasStayed = machine.seconds - doubt.since >= ClockTrust.stays
      self.doubt = hasStayed ? nil : doubt
      if hasStayed { offset = seen }
    }
    isTrusted = seen - offset <= ClockTrust.mostAhead
    believed = Date(timeIntervalSince1970: offset + machine.seconds)
    switch (wasTrusted, isTrusted) {
    case (true, false): return .jumped(seen - offset)
    case (false, true): return hasStayed ? .stayed : .right
    default: return nil
    }
  }
}
