/// What stands under one heading, counted.
struct ColumnValues {
  /// Cells with something in them, without the words for "nothing".
  private(set) var filled = 0
  private(set) var blank = 0
  private(set) var distinct = 0
  /// The words for "nothing" that stand in it, as they are written.
  private(set) var nullWords: [String] = []
  /// All cells that are plain numbers.
  private(set) var numbers: [Double] = []
  private(set) var dates: [DateShape: Int] = [:]
  private(set) var dated = 0
  private(set) var times = 0
  private(set) var uprns = 0
  /// UPRNs that a spreadsheet has spoiled ("1.00E+11", seven zeros at the end).
  private(set) var spoiledUPRNs = 0
  private(set) var postcodes = 0
  private(set) var emails = 0
  private(set) var telephones = 0
  private(set) var links = 0
  /// Cells with a letter in them, and cells of more than 80 characters.
  private(set) var worded = 0
  private(set) var long = 0
  private(set) var points: [CellTest.PointText] = []
  /// Longest cell in characters.
  private(set) var longest = 0
  private var characters = 0
  /// The different values, as far as there are few of them.
  private(set) var words: [String: Int] = [:]
  private static let mostWords = 60

  init(_ cells: some Sequence<String>) {
    var seen: Set<String> = []
    var nulls: Set<String> = []
    for cell in cells {
      if cell.isEmpty {
        blank += 1
        continue
      }
      if ColumnValues.meansNothing.contains(cell.lowercased()) {
        blank += 1
        nulls.insert(cell)
        continue
      }
      filled += 1
      seen.insert(cell)
      count(cell)
    }
    distinct = seen.count
    nullWords = nulls.sorted()
  }

  private static let meansNothing: Set<String> = [
    "n/a", "na", "none", "null", "nil", "unspecified", "-", "--", "not applicable", "nan", "(null)",
  ]

  private mutating func count(_ cell: String) {
    longest = max(longest, cell.count)
    characters += cell.count
    if cell.utf8.count > 80 { long += 1 }
    if words.count < ColumnValues.mostWords || words[cell] != nil, cell.utf8.count <= 60 {
      words[cell, default: 0] += 1
    }
    if cell.contains(where: \.isLetter) { worded += 1 }
    if let number = CellTest.number(cell) {
      numbers.append(number)
      // Excel's 1.00E+11, and what becomes of it.
      if cell.contains(where: { $0 == "E" || $0 == "e" }) {
        spoiledUPRNs += 1
      } else if CellTest.isDigits(cell, 8...12), cell.hasSuffix("0000000") {
        spoiledUPRNs += 1
      } else if CellTest.isDigits(cell, 1...12) {
        uprns += 1
      }
    }
    if let shape = DateShape(cell) {
      dated += 1
      dates[shape, default: 0] += 1
    } else if CellTest.isTime(cell) {
      times += 1
    }
    if CellTest.isPostcode(cell) { postcodes += 1 }
    if CellTest.isEmail(cell) { emails += 1 }
    if CellTest.isTelephone(cell) { telephones += 1 }
    if CellTest.isLink(cell) { links += 1 }
    if let point = CellTest.point(cell) { points.append(point) }
  }

  /// Whether most dates are more than twenty years past, or placeholders: no job is so old.
  func isMostlyLongPast(today: Int) -> Bool {
    let past = dates.reduce(0) { sum, date in
      let day = date.key.day(.dayFirst) ?? date.key.day(.monthFirst)
      let isPast = date.key.isSentinel || day.map { $0 < today - 7_305 } ?? false
      return isPast ? sum + date.value : sum
    }
    return past * 2 > dated
  }

  /// What is written anew in each row, or at length: no kind, state or group that rules could tell.
  var isFreeText: Bool {
    filled >= 10 && distinct * 2 > filled || filled > 0 && characters > 60 * filled
  }

  /// Numbers and codes of one piece with a digit in each, as references are.
  var isNumbering: Bool {
    !words.isEmpty
      && words.keys.allSatisfy {
        $0.contains(where: \.isNumber) && !$0.contains(where: \.isWhitespace)
      }
  }

  /// Of the filled cells.
  func share(_ count: Int) -> Double { filled == 0 ? 0 : Double(count) / Double(filled) }

  /// Smallest and largest number; `nil` without numbers.
  var range: ClosedRange<Double>? {
    guard let low = numbers.min(), let high = numbers.max() else { return nil }
    return low...high
  }

  /// Numbers that could be days since 1899-12-30, from 2000 to 2040.
  var serials: Int { numbers.count { (36_526..<51_502).contains($0) } }
}
