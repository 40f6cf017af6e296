import Notify

/// One list, from the first byte fetched to the last row recorded: what takes longer hangs. A fetch has ten minutes by
/// itself, reading and judging a list of a gigabyte take some.
let longestPollStep = Duration.seconds(3600)

/// To copy, check and encrypt a database, and to write all its backups anew after an erasure.
let longestBackup = Duration.seconds(2 * 3600)

extension Configuration {
  /// One message, from the moment at which others of the round may still be before it: the channel's own patience, and
  /// ten minutes for the database. What takes longer hangs.
  var longestDelivery: Duration {
    let longest = channels.values.map(\.totalSeconds).max() ?? 0
    return .seconds(600 + longest)
  }
}

extension Channel {
  /// Seconds for one message at most.
  fileprivate var totalSeconds: Double {
    switch self {
    case .smtp(let settings): settings.totalSeconds
    case .maildir: 0
    case .webhook(let settings): settings.posting.totalSeconds
    case .teams(let settings), .slack(let settings): settings.posting.totalSeconds
    case .govukNotify(let settings): settings.posting.totalSeconds
    }
  }
}
