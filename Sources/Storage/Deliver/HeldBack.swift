import GRDB

/// What is not announced for a time, and goes on being owed: it waits for the end of a pause or a trial, or for
/// the pass that takes it back.
package struct HeldBack: Hashable, Sendable {
  /// Ids of areas.
  package var areas: Set<String>
  /// Names of feeds whose jobs make an opportunity.
  package var feeds: Set<String>

  package init(areas: Set<String> = [], feeds: Set<String> = []) {
    self.areas = areas
    self.feeds = feeds
  }

  var isEmpty: Bool { areas.isEmpty && feeds.isEmpty }

  /// The ids of the opportunities that are held back: a subquery over the temporary names `?1` (areas) and
  /// `?2` (feeds).
  static let opportunities = """
    SELECT opportunity.id FROM opportunity
    LEFT JOIN job ON job.id = opportunity.trigger_job LEFT JOIN feed ON feed.id = job.feed
    WHERE opportunity.ended_at IS NULL
      AND (opportunity.area IN (SELECT value FROM json_each(?1))
        OR feed.name IN (SELECT value FROM json_each(?2)))
    """

  func arguments() throws -> StatementArguments {
    [try json(areas.sorted()), try json(feeds.sorted())]
  }
}
