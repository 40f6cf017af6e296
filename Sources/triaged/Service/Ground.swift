import Logging
import Storage
import Transfer

/// What outlasts a configuration: the open store with its lock, and what this process knows that no file says. A reload
/// wires everything else anew over it (docs/decisions/0013-a-reload-exchanges-what-is-wired.md).
struct Ground: Sendable {
  let store: Store
  let clock: ClockWatch
  let audit: AuditWatch
  let transferrer = Transferrer(threads: 4)
  let lanes = AlarmLanes()
  let health = FeedHealth()
  let meters = Meters()
  let failures = OwnFailures()
  let bounces = BounceTally()
  let turns = FeedTurns()
  /// What one list that is recorded reads of the store, another may change, by whatever configuration.
  let recording = OneAtATime()
  /// A backup, and an erasure that reaches into backups.
  let keeping = OneAtATime()
  let backupFailure = Remembered<BackupKeeper.Failure>()
  let retentionSeen = Remembered<RetentionWatch.Seen>()
  let reloads = Reloads()
  /// What asks for a long answer hears of the end between its parts.
  let stop = ShutdownFlag()

  init(_ store: Store, logger: Logger) {
    self.store = store
    clock = ClockWatch(store, logger: logger)
    audit = AuditWatch(store, logger: logger)
  }

  /// Cuts short what is on the wire.
  func endTransfers() async {
    await transferrer.shutdown()
    await lanes.shutdown()
  }
}
