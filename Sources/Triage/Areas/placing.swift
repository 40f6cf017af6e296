extension AreaIndex {
  /// Which area a job of this grade belongs to, and the grade that this makes of it.
  ///
  /// A postcode's middle stands for homes all round it. Farther than `approximateMetres` from every
  /// edge it is inside an area or outside as any point is; nearer to an edge, on either side of it,
  /// the job is taken into that area as ``LocationGrade/postcodeNearEdge``, for a person to decide.
  /// A middle that lies inside an area stays in that one, whichever edge is near.
  /// - Returns: the position in ``areas``; `nil` outside all areas.
  package func placing(
    _ point: GridPoint, grade: LocationGrade, approximateMetres: Double
  ) -> (position: Int, grade: LocationGrade)? {
    let inside = firstPosition(holding: point)
    switch grade {
    case .coordinates, .uprn: return inside.map { ($0, grade) }
    case .postcode, .postcodeNearEdge:
      if let edge = nearestEdge(to: point, within: approximateMetres) {
        return (inside ?? edge.position, .postcodeNearEdge)
      }
      return inside.map { ($0, .postcode) }
    case .none: return nil
    }
  }
}
