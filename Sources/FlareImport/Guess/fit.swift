import Triage

/// How far the values of a column bear out a meaning.
struct Fit {
  /// From 0 (they contradict it) to 1; `nil` where values cannot tell.
  var share: Double?
  /// "98 of 100 values are British postcodes"; empty where there is nothing to say.
  var why: String
}

extension ColumnValues {
  /// What the values say to a meaning that the heading, or nothing, suggests.
  func fit(_ meaning: ColumnMeaning) -> Fit {
    guard filled > 0 else {
      // An empty column may be a postcode that nobody fills in; what names the job is never empty.
      let share = blank == 0 ? nil : meaning == .reference ? 0 : 0.7
      return Fit(share: share, why: "no value in the rows looked at")
    }
    switch meaning {
    case .reference:
      let unlike = Double(distinct) / Double(filled)
      let whole = share(filled - long) * Double(filled) / Double(filled + blank)
      return Fit(
        share: whole * (unlike > 0.9 ? 1 : unlike > 0.4 ? 0.75 : 0.25)
          * (dated * 2 > filled || longest > 60 ? 0.2 : 1),
        why: distinct == filled
          ? (filled == 1 ? "its one value" : "all \(CivilWords.grouped(filled)) values differ")
          : differing)
    case .received, .due, .closed, .updated:
      let serials = dated * 2 >= filled ? 0 : serials
      return Fit(
        share: share(dated + serials),
        why: said(dated + serials, "a date", "dates")
          + (serials > 0
            ? ", \(CivilWords.grouped(serials)) of them a spreadsheet's "
              + "serial number\(serials == 1 ? "" : "s")" : ""))
    case .timeOfDay:
      return Fit(share: share(times), why: said(times, "a time of day", "times of day"))
    case .uprn:
      var why = said(uprns, "1–12 digits", "1–12 digits") + ", as UPRNs are"
      if spoiledUPRNs > 0 {
        why +=
          "; \(CivilWords.grouped(spoiledUPRNs)) \(spoiledUPRNs == 1 ? "is" : "are") spoiled by a "
          + "spreadsheet"
      }
      return Fit(share: share(uprns + spoiledUPRNs), why: why)
    case .postcode:
      let zips = numbers.count { (501...99_950).contains($0) }
      if zips > postcodes {
        return Fit(share: share(zips), why: said(zips, "a ZIP code", "ZIP codes"))
      }
      return Fit(
        share: share(postcodes), why: said(postcodes, "a British postcode", "British postcodes"))
    case .easting, .northing, .serviceEasting, .serviceNorthing, .longitude, .latitude,
      .statePlane:
      return Fit(
        share: share(numbers.count), why: said(numbers.count, "a number", "numbers"))
    case .point:
      return Fit(
        share: share(points.count),
        why: said(points.count, "two coordinates in one", "two coordinates in one"))
    case .contact:
      let sure = emails + telephones
      return sure * 2 > filled
        ? Fit(
          share: 1,
          why: said(
            sure, "an e-mail address or telephone number", "e-mail addresses or telephone numbers"))
        : Fit(share: dated * 2 > filled || times * 2 > filled ? 0.2 : nil, why: "")
    case .personal:
      return Fit(
        share: longest > 12 || distinct * 2 > filled && dated * 2 < filled ? 0.9 : nil, why: "")
    case .notes:
      return Fit(
        share: nil, why: long * 2 > filled ? said(long, "a long text", "long texts") : "")
    case .address:
      return Fit(
        share: dated * 2 > filled || links * 2 > filled || points.count * 2 > filled
          ? 0 : max(0.5, share(worded)),
        why: differing)
    case .status, .jobClass, .type, .callerType:
      let bad = dated + links + points.count + long
      // Words that repeat: kinds and states do, names and remarks do not.
      let repeats = filled < 8 || distinct * 2 <= filled + 8
      // A code says less to a rule than its name does, and a word that is always the same says nothing.
      let isCode = numbers.count * 2 > filled
      let says = (repeats ? 1 : 0.6) * (isCode ? 0.6 : 1) * (distinct == 1 && filled > 8 ? 0.8 : 1)
      return Fit(
        share: max(0, 1 - share(bad)) * says,
        why: differing)
    case .link:
      return Fit(share: nil, why: links > 0 ? said(links, "a link", "links") : "")
    case .street, .district, .staff, .otherNumber, .systemLabel: return Fit(share: nil, why: "")
    }
  }

  /// "12 of 30 values are dates".
  private func said(_ count: Int, _ one: String, _ several: String) -> String {
    CivilWords.share(count, of: filled, "value", "is \(one)", "are \(several)")
  }

  private var differing: String {
    "\(CivilWords.counted(distinct, "different value")) in \(CivilWords.grouped(filled))"
  }
}
