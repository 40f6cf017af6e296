import Foundation

/// Raises the number of files that this process may have open as far as it may by itself, and answers it.
///
/// systemd and shells give 1,024 at first, so that programs that use `select` do not break, and let a program ask
/// for more (`LimitNOFILE=`). Every slow client holds one open, and beyond the limit no list, no mail and no page
/// could be opened either.
@discardableResult
func raiseFileLimit() -> Int {
  var limit = rlimit()
  let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  guard getrlimit(files, &limit) == 0 else { return 1024 }
  let wanted = min(limit.rlim_max, 65_536)
  if limit.rlim_cur < wanted {
    let before = limit.rlim_cur
    limit.rlim_cur = wanted
    if setrlimit(files, &limit) != 0 { limit.rlim_cur = before }
  }
  return Int(clamping: limit.rlim_cur)
}

/// How many connections the pages may have at once, so that 200 files are left for lists, mail and the database.
/// - Parameter files: ``raiseFileLimit()``.
func connectionsThatFit(files: Int) -> Int {
  max(16, min(4000, files - 200))
}
