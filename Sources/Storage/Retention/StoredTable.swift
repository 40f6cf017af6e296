import Triage

/// One table, or some rows of it: of which class its rows are, and when they go.
///
/// ``storedTables`` is all of them. Purge, dry run, ages and inventory are made of it.
struct StoredTable: Sendable {
  let name: String
  let dataClass: DataClass
  let leaving: Leaving

  enum Leaving: Sendable {
    /// By their own age.
    case aged(Age)
    /// With the row of another table that they hang on, by a foreign key that cascades.
    case with(String)
    /// When no row refers to them any more: `table.column`s.
    case unused([String])
    /// At once where they fit this condition, whatever their age.
    case condition(String)
    /// By their own age too, from the beginning of their chain only (`purgeAudit`).
    case chained
    /// When what they say is over. A sentence says why that is soon enough.
    case overwritten(String)
  }

  /// Which rows go, and when.
  struct Age: Sendable {
    /// From when their days are counted: SQL, milliseconds since 1970; NULL: they do not run.
    var since: String
    /// Only rows for which this holds go; SQL. `:snapshots` is a JSON list of feeds whose lists say what is gone.
    var only = "1"
    /// Which of them a legal hold keeps all the same; SQL, of ``Held``; `nil`: none.
    var held: String?
    /// In the place of the rows, what is emptied: the assignments of an UPDATE.
    var emptying: String?
  }

  init(_ name: String, _ dataClass: DataClass, _ leaving: Leaving) {
    self.name = name
    self.dataClass = dataClass
    self.leaving = leaving
  }

  /// Rows that go by their age.
  init(
    _ name: String, _ dataClass: DataClass, since: String, only: String = "1",
    held: String? = nil, emptying: String? = nil
  ) {
    self.init(
      name, dataClass, .aged(Age(since: since, only: only, held: held, emptying: emptying)))
  }
}

extension StoredTable.Age {
  /// The rows that go, if their time is over.
  var mayGo: String { held.map { "(\(only)) AND NOT ifnull(\($0), 0)" } ?? "(\(only))" }
  /// The rows whose time was over at `:limit`.
  var isDue: String { "(\(since)) < :limit AND \(mayGo)" }
  /// Those that would go with them but for a legal hold.
  var isHeldBack: String? { held.map { "(\(since)) < :limit AND (\(only)) AND (\($0))" } }
}
