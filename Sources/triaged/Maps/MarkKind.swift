import Triage

extension AreaPicture {
  /// Jobs at one place that have come to the same.
  struct Mark: Hashable, Sendable, Codable {
    /// The middle of a square of fifty metres, so that no mark stands on a house: metres on the grid.
    var at: GridPoint
    var kind: Kind
    var jobs: Int

    /// - Parameter point: anywhere in the square.
    init(at point: GridPoint, kind: Kind, jobs: Int = 1) {
      at = point
      self.kind = kind
      self.jobs = jobs
      if isDrawable(point) { at = middle(of: Mark.square, around: point) }
    }

    static let square = 50.0

    private enum CodingKeys: String, CodingKey { case x, y, kind, jobs }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        at: GridPoint(
          x: try values.decode(Double.self, forKey: .x),
          y: try values.decode(Double.self, forKey: .y)),
        kind: try values.decode(Kind.self, forKey: .kind),
        jobs: try values.decode(Int.self, forKey: .jobs))
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(at.x, forKey: .x)
      try values.encode(at.y, forKey: .y)
      try values.encode(kind, forKey: .kind)
      try values.encode(jobs, forKey: .jobs)
    }
  }

  /// What has become of a job, in the order of the legend; each has a shape of its own, since no colour
  /// carries a meaning alone.
  enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
    /// Part of an opportunity that waits or is offered.
    case opportunity
    case claimed
    case belowTheLine
    case open
    case closed
    /// For lists that are judged without their history: not a reason, open or closed.
    case noReason
    case unknownType

    var words: String {
      switch self {
      case .opportunity: "in an opportunity"
      case .claimed: "in a claimed opportunity"
      case .belowTheLine: "a reason, but below the line"
      case .open: "another open job"
      case .closed: "a closed job"
      case .noReason: "no reason to call"
      case .unknownType: "of a type that the rules do not know"
      }
    }

    /// What a table says above a column of such jobs.
    var heading: String {
      switch self {
      case .opportunity: "In an opportunity"
      case .claimed: "Claimed"
      case .belowTheLine: "Below the line"
      case .open: "Other open"
      case .closed: "Closed"
      case .noReason: "No reason"
      case .unknownType: "Type unknown"
      }
    }

    /// Where many marks are, those that matter lie on top and are the larger ones.
    var isPlain: Bool {
      switch self {
      case .opportunity, .claimed: false
      case .belowTheLine, .open, .closed, .noReason, .unknownType: true
      }
    }

    /// The shape as an SVG element, all of about one size.
    func shape(_ x: Double, _ y: Double, _ size: Double) -> String {
      func path(_ points: [(Double, Double)]) -> String {
        let corners = points.map { "\(short(x + $0.0 * size)) \(short(y + $0.1 * size))" }
        return "<path class=\"tm-mark tm-\(rawValue)\" d=\"M\(corners.joined(separator: "L"))z\"/>"
      }
      switch self {
      case .opportunity:
        return "<circle class=\"tm-mark tm-opportunity\" cx=\"\(short(x))\" cy=\"\(short(y))\" "
          + "r=\"\(short(size))\"/>"
      case .claimed:
        return path(Kind.star)
      case .belowTheLine:
        return path([(0, -1.05), (1, 0.75), (-1, 0.75)])
      case .open:
        return path([(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)])
      case .closed:
        let (arm, half) = (0.95, 0.3)
        // A cross of two bars, on its side.
        return path([
          (0, -half), (arm - half, -arm), (arm, half - arm), (half, 0), (arm, arm - half),
          (arm - half, arm), (0, half), (half - arm, arm), (-arm, arm - half), (-half, 0),
          (-arm, half - arm), (half - arm, -arm),
        ])
      case .noReason:
        return path([(-0.75, -0.75), (0.75, -0.75), (0.75, 0.75), (-0.75, 0.75)])
      case .unknownType:
        return path([(0, 1.05), (1, -0.75), (-1, -0.75)])
      }
    }

    /// Five points and the corners between them, one up.
    private static let star: [(Double, Double)] = [
      (0, -1.3), (0.32, -0.44), (1.24, -0.4), (0.52, 0.17), (0.76, 1.05), (0, 0.54), (-0.76, 1.05),
      (-0.52, 0.17), (-1.24, -0.4), (-0.32, -0.44),
    ]
  }
}

/// The middle of the square of so many metres in which a point lies; squares begin at the grid's origin.
func middle(of square: Double, around point: GridPoint) -> GridPoint {
  GridPoint(
    x: ((point.x / square).rounded(.down) + 0.5) * square,
    y: ((point.y / square).rounded(.down) + 0.5) * square)
}
