import Foundation
import Triage

// Measures `triage(_:)`: `make bench-triage`. The 60,000 jobs in area of a list of a million rows, of 12 months, at
// about 26,000 addresses: the other 940,000 rows never reach it. bench/README.md says what the lines mean.

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let count = arguments.first ?? 60_000
let rounds = arguments.dropFirst().first ?? 7
let input = madeInput(jobs: count)

/// The least of the rounds, by the clock and by the thread's processor: others on the machine lengthen the first.
func seconds(_ work: () -> Void) -> (clock: Double, processor: Double) {
  func processor() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }
  var best = (clock: Double.infinity, processor: Double.infinity)
  for _ in 0..<rounds {
    let began = (ContinuousClock.now, processor())
    work()
    let taken = (ContinuousClock.now - began.0) / .seconds(1)
    best = (min(best.clock, taken), min(best.processor, processor() - began.1))
  }
  return best
}

func line(_ name: String, _ seconds: (clock: Double, processor: Double)) {
  print(
    name, String(format: "%.0f ms,", seconds.clock * 1000),
    String(format: "%.0f ms of the processor", seconds.processor * 1000))
}

let verdict = triage(input)
print(
  """
  triage_jobs \(input.jobs.count)
  triage_addresses \(Set(verdict.addresses.compactMap { $0 }).count)
  triage_opportunities \(verdict.opportunities.count) above, \(verdict.belowTheLine.count) below the line
  triage_register \(madeEntries) entries
  """)
let whole = seconds { _ = triage(input) }
line("triage", whole)

// What it is made of.
let book = JobsByAddress(input.jobs)
line("triage_of_that_roll_up", seconds { _ = JobsByAddress(input.jobs) })
line("triage_of_that_reading_words", seconds { _ = AddressJudge(book, input) })
let judge = AddressJudge(book, input)
var bare = input
bare.register = Register()
let bareJudge = AddressJudge(book, bare)
func judgeAll(_ judge: AddressJudge) -> [JudgedAddress] {
  var judge = judge
  var all: [JudgedAddress] = []
  for cluster in book.clusters { all += judge.judge(cluster, at: input.now) }
  return all
}
let withRegister = seconds { _ = judgeAll(judge) }
let without = seconds { _ = judgeAll(bareJudge) }
line(
  "triage_of_that_register",
  (withRegister.clock - without.clock, withRegister.processor - without.processor))
line("triage_of_that_judging", without)
let judged = bestFirst(judgeAll(judge), book.jobs)
line(
  "triage_of_that_order_and_pace",
  seconds {
    let judged = bestFirst(judged, book.jobs)
    _ = pace(
      judged.map { judge.contender($0) }, team: input.team, past: input.past,
      today: input.today, now: input.now)
  })
line(
  "triage_of_that_sentences",
  seconds { for one in judged { _ = judge.opportunity(one, at: input.now) } })
exit(whole.processor < 1 ? 0 : 1)
