/// A page for people that reads alike in a terminal, in a browser and on paper: a title, and sections of
/// sentences, lists and tables. What it says is decided once, how it looks in `plainText` and `html`.
struct PlainPage {
  var title: String
  /// Said at once below the title.
  var lead: [Block] = []
  var sections: [Section] = []

  struct Section {
    var heading: String
    var blocks: [Block]

    init(_ heading: String, _ blocks: [Block]) {
      self.heading = heading
      self.blocks = blocks
    }
  }

  enum Block {
    case text(String)
    /// In small: how something is meant.
    case quiet(String)
    /// What must not be overlooked.
    case warning(String)
    case list([String])
    /// A name and what is said of it, pair by pair.
    case facts([(name: String, value: String)])
    case table(Table)
    /// Lines to write on, each with its words before it.
    case signatures([String])
  }

  /// Rows of as many cells as there are columns; the first cell names the row.
  struct Table {
    var caption: String = ""
    var columns: [Column]
    var rows: [[String]]
  }

  struct Column {
    var title: String
    var kind: Kind

    enum Kind {
      /// A word or two.
      case short
      /// Stays on one line.
      case date
      /// A number with its unit, where the title says none.
      case number
      /// Sentences: on lines of their own in a terminal.
      case long
    }

    init(_ title: String, _ kind: Kind = .short) {
      self.title = title
      self.kind = kind
    }
  }
}
