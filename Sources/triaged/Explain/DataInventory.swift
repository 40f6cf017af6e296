import Triage

/// What an instance holds, why, who gets to see it and for how long, as its configuration has it now: what the annex of
/// a data protection impact assessment needs. Made without any database.
struct DataInventory: Codable, Hashable {
  var instance: String
  /// The day on which it was made, `yyyy-MM-dd`.
  var day: String
  var lists: [ListInventory]
  var classes: [ClassInventory]
  var recipients: [Recipient]
  var channels: [ChannelInventory]
  /// Sentences on what lies beside the database.
  var files: [String]
  /// Sentences on what is never kept.
  var notKept: [String]

  struct ListInventory: Codable, Hashable {
    var name: String
    /// Where it comes from, without any secret.
    var source: String
    var agreement: String
    var fields: [Field]

    struct Field: Codable, Hashable {
      var field: ListField
      var headings: [String]
      /// Else it is read past.
      var isKept: Bool
      var stages: ListField.Stages
      var purpose: String
    }
  }

  struct ClassInventory: Codable, Hashable {
    var dataClass: DataClass
    var name: String
    /// `nil`: no number of days ends it.
    var days: Int?
    /// From when the days are counted, or why there are none.
    var counted: String
    var fields: [Field]

    struct Field: Codable, Hashable {
      var field: PersonalField
      var whose: PersonalField.Whose
      var what: String
      var purpose: String
      var seenBy: String
      /// `table.column`.
      var columns: [String]
    }
  }

  struct Recipient: Codable, Hashable {
    var who: String
    var agency: String
    /// In which areas, and what for.
    var role: String
    var channels: [String]
  }

  struct ChannelInventory: Codable, Hashable {
    var name: String
    /// Through whom, without any secret.
    var goesTo: String
    var carries: String
    var readBy: String
  }
}
