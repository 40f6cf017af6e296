import GRDB

/// The schema, as an append-only list of steps: a released step is never edited.
///
/// Instants are whole milliseconds since 1970-01-01 UTC in INTEGER columns. Coordinates are
/// metres on the grid of the deployment. Council facts (`job`) and ours (`opportunity`, `claim`,
/// `outcome`, `announcement`) never share a row.
///
/// Where tens of thousands of rows are written at once a CHECK says `a = 1 OR a = 2 …`: for a
/// longer `IN` SQLite builds a table at every row, which made an import twice as slow. There the
/// foreign keys are checked at the commit, for the sake of ``BulkInsert``.
let schema: DatabaseMigrator = {
  var migrator = DatabaseMigrator()
  migrator.registerMigration("0001 mirror") { try $0.execute(sql: step0001Mirror) }
  migrator.registerMigration("0002 opportunities") { try $0.execute(sql: step0002Opportunities) }
  migrator.registerMigration("0003 outbox") { try $0.execute(sql: step0003Outbox) }
  migrator.registerMigration("0004 claims") { try $0.execute(sql: step0004Claims) }
  migrator.registerMigration("0005 heartbeat") { try $0.execute(sql: step0005Heartbeat) }
  migrator.registerMigration("0006 feed watch") { try $0.execute(sql: step0006FeedWatch) }
  migrator.registerMigration("0007 patience") { try $0.execute(sql: step0007Patience) }
  migrator.registerMigration("0008 areas") { try $0.execute(sql: step0008Areas) }
  migrator.registerMigration("0009 triage") { try $0.execute(sql: step0009Triage) }
  migrator.registerMigration("0010 desk") { try $0.execute(sql: step0010Desk) }
  migrator.registerMigration("0011 sessions") { try $0.execute(sql: step0011Sessions) }
  migrator.registerMigration("0012 outbox") { try $0.execute(sql: step0012Outbox) }
  migrator.registerMigration("0013 slots") { try $0.execute(sql: step0013Slots) }
  migrator.registerMigration("0014 outing") { try $0.execute(sql: step0014Outing) }
  migrator.registerMigration("0015 follow-up") { try $0.execute(sql: step0015FollowUp) }
  migrator.registerMigration("0016 alarms") { try $0.execute(sql: step0016Alarms) }
  migrator.registerMigration("0017 keeping") { try $0.execute(sql: step0017Keeping) }
  migrator.registerMigration("0019 retention") { try $0.execute(sql: step0019Retention) }
  migrator.registerMigration("0020 audit chain") { try step0020AuditChain($0) }
  return migrator
}()
