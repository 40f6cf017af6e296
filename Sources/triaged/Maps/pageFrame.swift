/// What every page that is written as a file begins and ends with, and what its tables share.
extension Markup {
  /// The first bytes of a page, by which an earlier one of ours is known.
  static func pageStart(by verb: String) -> String {
    "<!doctype html>\n<html lang=\"en-GB\" data-by=\"\(verb)\">\n"
  }

  /// Up to the beginning of `main`: nothing may be fetched, and no script runs.
  /// - Parameter style: what this page adds to the sheet that all share.
  mutating func openPage(by verb: String, title: String, style: String = "") {
    raw(Markup.pageStart(by: verb))
    raw(
      "<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" "
        + "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        + "<meta name=\"referrer\" content=\"no-referrer\">\n")
    add("title", "", title)
    raw("\n<style>\n\(reportStyle)\n")
    if !style.isEmpty { raw(style + "\n") }
    raw("</style>\n</head>\n<body>\n<main>\n")
  }

  mutating func closePage() { raw("</main>\n</body>\n</html>\n") }

  /// A table's first row: each title with the class of its column.
  mutating func header(_ titles: [(String, String)]) {
    open("thead")
    open("tr")
    for (title, kind) in titles {
      add("th", "scope=\"col\"" + (kind.isEmpty ? "" : " class=\"\(kind)\""), title)
    }
    close("tr")
    close("thead")
  }
}
