import Foundation

/// No picture of this process's memory is written, whatever ends it: it would hold what residents have told.
///
/// A limit of one byte holds for a program too that the kernel would hand the picture to, which a limit of nothing does
/// not (fs/coredump.c, `do_coredump`). Where it cannot be raised so far, nothing is the limit. The flag
/// `PR_SET_DUMPABLE` would do as much, but takes /proc/self away from us, by which libcurl is handed a file.
func forbidCoreDumps() {
  let cores = __rlimit_resource_t(RLIMIT_CORE.rawValue)
  var limit = rlimit(rlim_cur: 1, rlim_max: 1)
  if setrlimit(cores, &limit) == 0 { return }
  limit = rlimit(rlim_cur: 0, rlim_max: 0)
  setrlimit(cores, &limit)
}
