import CDispatch
import Foundation
import Glibc

/// What this process uses of its machine, and what its machine has left: for monitors.
struct MachineFacts: Hashable, Sendable {
  /// Bytes in memory; `nil` where the kernel does not tell.
  var residentBytes: Int?
  var virtualBytes: Int?
  /// Seconds of a core, in the program and in the kernel together.
  var cpuSeconds: Double
  var openFiles: Int?
  var mostFiles: Int?
  /// Of the disk of the state folder, in bytes.
  var diskBytesLeft: Int?
  var diskBytes: Int?
  /// Of the database file and of its log; `nil` where there is none.
  var databaseBytes: Int?
  var logBytes: Int?

  /// Asks the kernel.
  init(state: String, database: String) {
    // Pages: size of the program, then what of it is in memory (proc(5)).
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").compactMap { Int($0) }
    let page = sysconf(Int32(_SC_PAGESIZE))
    if let pages, pages.count > 1 {
      virtualBytes = pages[0] * page
      residentBytes = pages[1] * page
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    cpuSeconds = MachineFacts.seconds(usage.ru_utime) + MachineFacts.seconds(usage.ru_stime)
    // Without the one that lists them.
    openFiles = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map {
      max(0, $0.count - 1)
    }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      mostFiles = Int(clamping: limit.rlim_cur)
    }
    diskBytesLeft = bytesLeft(at: state)
    diskBytes = bytesInAll(at: state)
    databaseBytes = MachineFacts.size(database)
    logBytes = MachineFacts.size(database + "-wal")
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
  }

  private static func size(_ path: String) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
  }
}
