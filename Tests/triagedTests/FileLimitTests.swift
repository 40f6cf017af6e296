import Foundation
import Testing

@testable import triaged

@Suite("The limit of open files")
struct FileLimitTests {
  @Test("What it answers holds: it is the limit from then on, and is not lowered by asking again")
  func raised() throws {
    let files = raiseFileLimit()
    var limit = rlimit()
    #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    #expect(Int(clamping: limit.rlim_cur) == files)
    #expect(files >= Int(clamping: min(limit.rlim_max, 65_536)))
    #expect(raiseFileLimit() == files)
  }

  @Test(
    "Connections leave files for lists, mail and the database",
    arguments: [(65_536, 4000), (1024, 824), (100, 16)])
  func connections(files: Int, fit: Int) {
    #expect(connectionsThatFit(files: files) == fit)
  }
}
