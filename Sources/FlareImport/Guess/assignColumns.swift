import Triage

/// Gives each column its likeliest meaning: the best pair of column and meaning first, each meaning
/// that can be mapped to one column only.
///
/// A column that is likelier a person's name than a reference is never taken for a reference because
/// the list has no better one.
/// - Parameters:
///   - refusedWords: further words that mark a column as one that may not be mapped.
///   - today: days since 1970-01-01; dates of a generation ago are nobody's jobs.
func assignColumns(
  _ sample: ListSample, _ values: [ColumnValues], _ refusedWords: [String], today: Int
) -> [ColumnGuess] {
  var columns = sample.header.enumerated().map { at, heading in
    ColumnGuess(
      position: at, heading: heading, meaning: nil, sure: 0, why: "", filled: values[at].filled,
      fate: .left)
  }
  var keys: [String: Int] = [:]
  for heading in sample.header { keys[headingKey(heading), default: 0] += 1 }
  var bids: [Bid] = []
  for at in columns.indices {
    let heading = columns[at].heading
    if let category = specialCategory(heading, further: refusedWords) {
      columns[at].fate = .refused
      columns[at].why = "its heading names a special category of personal data: \(category)"
    } else if heading.isEmpty {
      columns[at].why = "it has no heading, so it cannot be mapped"
    } else if keys[headingKey(heading)] ?? 0 > 1 {
      columns[at].why = "its heading stands more than once, so it cannot be mapped"
    } else {
      bids += makeBids(at, heading, values[at], today: today)
    }
  }
  settle(&bids, &columns)
  return columns
}

/// One meaning that one column might have.
private struct Bid {
  var column: Int
  var meaning: ColumnMeaning
  var sure: Int
  var why: String
}

private func makeBids(
  _ at: Int, _ heading: String, _ values: ColumnValues, today: Int
) -> [Bid] {
  let words = wordsOfHeading(heading)
  var bids: [Bid] = []
  for meaning in ColumnMeaning.allCases {
    let weight = meaning.weight(of: words)
    let fit = values.fit(meaning)
    if weight > 0, [.jobClass, .type, .status, .callerType].contains(meaning), values.isFreeText {
      if values.isNumbering { continue }
      bids.append(
        Bid(
          column: at, meaning: .notes, sure: weight,
          why: "headed as \(meaning.words), but it holds "
            + "\(CivilWords.counted(values.distinct, "different value")) in \(values.filled), as free text does"
        ))
    } else if weight > 0 {
      let sure = fit.share.map { Int(Double(weight) * (0.25 + 0.75 * $0)) } ?? weight
      let against = fit.share.map { $0 < 0.5 } ?? false
      let why = fit.why.isEmpty ? "by heading" : "by heading\(against ? ", but" : ";") \(fit.why)"
      bids.append(Bid(column: at, meaning: meaning, sure: sure, why: why))
    } else if let sure = values.speaks(for: meaning, today: today) {
      bids.append(Bid(column: at, meaning: meaning, sure: sure, why: "by values: \(fit.why)"))
    }
  }
  return bids
}

private func settle(_ bids: inout [Bid], _ columns: inout [ColumnGuess]) {
  let order = ColumnMeaning.allCases
  bids.sort {
    ($1.sure, $0.column, order.firstIndex(of: $0.meaning) ?? 0)
      < ($0.sure, $1.column, order.firstIndex(of: $1.meaning) ?? 0)
  }
  var taken: [ColumnMeaning: Int] = [:]
  var best: [Int: Int] = [:]
  for bid in bids where columns[bid.column].meaning == nil {
    let highest = best[bid.column, default: bid.sure]
    best[bid.column] = highest
    guard bid.sure >= 40, bid.sure * 10 >= highest * 6 else { continue }
    let isAlone = bid.meaning.isMapped && ![.address, .timeOfDay].contains(bid.meaning)
    if isAlone, let other = taken[bid.meaning] {
      if columns[bid.column].why.isEmpty {
        columns[bid.column].why =
          "like \(bid.meaning.words), for which '\(columns[other].heading)' is taken"
      }
      continue
    }
    taken[bid.meaning] = bid.column
    columns[bid.column].meaning = bid.meaning
    columns[bid.column].sure = bid.sure
    columns[bid.column].why = bid.why
    columns[bid.column].fate =
      switch bid.meaning {
      case .notes, .contact: .notCarried
      default: bid.meaning.isMapped ? .mapped : .left
      }
  }
}

extension ColumnValues {
  /// How sure the values alone make a meaning, under a heading that says nothing; `nil`: not at all.
  fileprivate func speaks(for meaning: ColumnMeaning, today: Int) -> Int? {
    guard filled >= 3 else { return nil }
    switch meaning {
    case .postcode: return share(postcodes) > 0.8 ? 85 : nil
    case .point: return share(points.count) > 0.8 ? 75 : nil
    case .contact: return share(emails) > 0.5 || share(telephones) > 0.8 ? 90 : nil
    case .link: return share(links) > 0.5 ? 85 : nil
    case .notes: return share(long) > 0.5 && share(links) < 0.5 ? 70 : nil
    case .received: return share(dated) > 0.9 && !isMostlyLongPast(today: today) ? 42 : nil
    // Numbers of the length that nearly all British UPRNs have.
    case .uprn:
      let ofLength = numbers.count { $0 >= 1e7 && $0 < 2.1e11 }
      return share(uprns) > 0.95 && share(ofLength) > 0.95 && share(dated) < 0.5
        && share(telephones) < 0.5 ? 45 : nil
    default: return nil
    }
  }
}
