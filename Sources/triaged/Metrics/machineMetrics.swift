import Foundation

/// Whether the loops come round.
func loopFamilies(_ loops: [String: LoopTally], _ text: inout MetricsText) {
  let loops = loops.sorted { $0.key < $1.key }
  text.family(
    "triaged_loop_rounds_total", .counter, "Rounds that a loop has ended well since the start.",
    loops.map { ([("loop", $0.key)], Double($0.value.rounds)) })
  text.family(
    "triaged_loop_failures_total", .counter, "Rounds of a loop that failed since the start.",
    loops.map { ([("loop", $0.key)], Double($0.value.failures)) })
  text.family(
    "triaged_loop_last_round_timestamp_seconds", .gauge,
    "When a round of the loop ended well last, in seconds since 1970; absent before the first.",
    loops.compactMap { loop in loop.value.lastRound.map { ([("loop", loop.key)], timestamp($0)) } })
}

/// What this process uses, by the names that every exporter has
/// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), and what the disk has left.
func machineFamilies(_ machine: MachineFacts, since: Date?, _ text: inout MetricsText) {
  func gauge(_ name: String, _ help: String, _ value: Double?) {
    text.family(name, .gauge, help, value.map { [([], $0)] } ?? [])
  }
  gauge(
    "triaged_disk_free_bytes", "Bytes left on the disk of the state folder.",
    machine.diskBytesLeft.map(Double.init))
  gauge(
    "triaged_disk_size_bytes", "Bytes that the disk of the state folder has.",
    machine.diskBytes.map(Double.init))
  let files = [("database", machine.databaseBytes), ("log", machine.logBytes)]
  text.family(
    "triaged_database_size_bytes", .gauge, "Bytes of the database file and of its log.",
    files.compactMap { file in file.1.map { ([("file", file.0)], Double($0)) } })
  // Of a command that answers for no daemon they would say nothing.
  guard let since else { return }
  text.family(
    "process_cpu_seconds_total", .counter, "Seconds of a core that the process has used.",
    [([], machine.cpuSeconds)])
  gauge(
    "process_resident_memory_bytes", "Bytes of the process in memory.",
    machine.residentBytes.map(Double.init))
  gauge(
    "process_virtual_memory_bytes", "Bytes of the process's address space.",
    machine.virtualBytes.map(Double.init))
  gauge("process_open_fds", "Files and sockets that are open.", machine.openFiles.map(Double.init))
  gauge(
    "process_max_fds", "Files and sockets that may be open.", machine.mostFiles.map(Double.init))
  gauge(
    "process_start_time_seconds", "When the daemon was started, in seconds since 1970.",
    timestamp(since))
}
