/// The loops of a daemon, by their names in status, metrics and journal. Beside them each channel has one for alarms
/// (``Alarms``).
enum LoopName: String, CaseIterable, Sendable {
  case poll, areas, deliver, bounces
  case areasTold = "areas told"
  case matters, visits, desk, receipts, alive, retention, backups
  case statusLine = "status line"

  /// What it does, as a sentence begins with it.
  fileprivate var work: String? {
    switch self {
    case .poll: "Polling and judging"
    case .areas: "Taking edited areas into force"
    case .areasTold: "Telling of edited areas"
    case .deliver: "Delivering mail"
    case .bounces: "Reading bounces"
    case .alive: "Telling the watcher outside that all is well"
    case .receipts: "Asking what became of mails"
    case .statusLine: "Saying how it stands to the service manager"
    case .backups: "Making backups"
    case .retention: "Clearing away what is past its time"
    case .matters, .visits, .desk: nil
    }
  }
}

/// What a loop does, as a sentence begins with it.
func nameOfLoop(_ loop: String) -> String {
  LoopName(rawValue: loop)?.work ?? "The \(loop) loop"
}
