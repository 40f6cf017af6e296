import Triage

/// A map of the areas and of the jobs in them, as part of the report's page.
func areaMap(_ day: FirstDay) -> String {
  let marks = zip(day.jobs, day.verdict.standings).compactMap { job, standing in
    job.place.point.map { AreaPicture.Mark(at: $0, kind: day.outcome(standing).kind) }
  }
  let picture = AreaPicture(
    title: "Map of the areas and of the jobs in them", areas: day.areas, marks: marks)
  return picture.svg(isInPage: true)
}

extension FirstDay.Outcome {
  fileprivate var kind: AreaPicture.Kind {
    switch self {
    case .opportunity: .opportunity
    case .belowTheLine: .belowTheLine
    case .history: .noReason
    case .unknownType: .unknownType
    }
  }
}
