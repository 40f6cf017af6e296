import GRDB

/// A query that is asked again and again, compiled once: the connection keeps what SQLite has made of it.
///
/// For texts that are the same each time, as each one is kept for as long as the connection.
func kept(sql: String, arguments: StatementArguments = StatementArguments()) -> SQLRequest<Row> {
  SQLRequest(sql: sql, arguments: arguments, cached: true)
}
