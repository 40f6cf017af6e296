import Triage

/// How what is kept stands against its days.
func retentionFamilies(_ retention: RetentionStanding, _ text: inout MetricsText) {
  text.family(
    "triaged_retention_last_purge_timestamp_seconds", .gauge,
    "When what is past its time was cleared away last, in seconds since 1970.",
    retention.lastPurge.map { [([], timestamp($0))] } ?? [])
  text.family(
    "triaged_retention_oldest_timestamp_seconds", .gauge,
    "From when the days of the oldest are counted that is kept of a class, in seconds since 1970.",
    retention.classes.compactMap { line in
      line.oldest.map { ([("class", line.dataClass.rawValue)], timestamp($0)) }
    })
  text.family(
    "triaged_retention_overdue", .gauge,
    "Rows and files of a class that should have gone two days ago.",
    retention.classes.map { ([("class", $0.dataClass.rawValue)], Double($0.overdue)) })
}
