#include <sqlite3.h>

/// `sqlite3_db_config` is variadic, which Swift cannot call. While `keeps` is 1 the end of a connection leaves the log as it
/// is; else it is moved into the main file then.
static inline int csqlite_keep_log(sqlite3 *connection, int keeps) {
  int is_kept = 0;
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps, &is_kept);
}
