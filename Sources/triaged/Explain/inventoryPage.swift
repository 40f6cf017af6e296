import Triage

extension DataInventory {
  /// For an annex: the same as ``DataInventory`` in words.
  var page: PlainPage {
    var page = PlainPage(title: "What \(instance) holds, why, and for how long")
    page.lead = [
      .text(
        "Made from the configuration as it was on \(longDate(day)). Lawful basis and necessity are the council's to "
          + "state; docs/privacy.md has an outline."),
      .quiet(
        "No attribute of a person is scored, nothing is written to residents, and the daemon changes nothing in the "
          + "council's jobs."),
    ]
    page.sections = lists.map(listSection)
    page.sections += [retentionSection]
    page.sections += classes.filter { !$0.fields.isEmpty }.map(classSection)
    page.sections += [
      PlainPage.Section("Who is told of what", [recipientTable]),
      PlainPage.Section("By which channel", [channelTable]),
      PlainPage.Section("Beside the database", [.list(files)]),
      PlainPage.Section("What is not kept", [.list(notKept)]),
    ]
    return page
  }

  private func listSection(_ list: ListInventory) -> PlainPage.Section {
    PlainPage.Section(
      "What the list \(list.name) brings",
      [
        .facts([("Comes from", list.source), ("Agreement", list.agreement)]),
        .table(
          PlainPage.Table(
            columns: [
              .init("Field"), .init("Column of the list"), .init("Kept"), .init("In a mail"),
              .init("On the page of its link"), .init("To the holder"), .init("What for", .long),
            ],
            rows: list.fields.map { field in
              [
                field.field.inWords, field.headings.joined(separator: ", "),
                field.isKept ? "yes" : "no: the list may not carry it", field.stages.mail,
                field.stages.page, field.stages.claimed, capitalised(field.purpose) + ".",
              ]
            })),
      ])
  }

  private var retentionSection: PlainPage.Section {
    PlainPage.Section(
      "For how long",
      [
        .table(
          PlainPage.Table(
            columns: [.init("What"), .init("Days", .number), .init("Counted", .long)],
            rows: classes.map {
              [capitalised($0.name), $0.days.map { "\($0)" } ?? "none", $0.counted]
            })),
        .quiet(
          "What is past its time is deleted every hour and overwritten with zeros, in the file and in its log; how many "
            + "rows went of which class is written down."),
        .text(
          "What a legal hold names ('triaged subject hold') is kept for as long as the hold stands, whatever its days; "
            + "'triaged purge --dry-run' tells how many stand, since when, and how much they keep past its time."
        ),
      ])
  }

  private func classSection(_ dataClass: ClassInventory) -> PlainPage.Section {
    PlainPage.Section(
      "Kept: \(dataClass.name)",
      [
        .table(
          PlainPage.Table(
            columns: [
              .init("What"), .init("Of"), .init("What for", .long), .init("Seen by", .long),
              .init("Stored as", .long),
            ],
            rows: dataClass.fields.map { field in
              [
                capitalised(field.what), field.whose == .residents ? "residents" : "the team",
                capitalised(field.purpose) + ".", capitalised(field.seenBy) + ".",
                field.columns.joined(separator: ", "),
              ]
            }))
      ])
  }

  private var recipientTable: PlainPage.Block {
    .table(
      PlainPage.Table(
        columns: [.init("Who"), .init("Agency"), .init("By"), .init("What", .long)],
        rows: recipients.map {
          [
            $0.who, $0.agency.isEmpty ? "none" : $0.agency,
            $0.channels.isEmpty ? "none" : $0.channels.joined(separator: ", "),
            capitalised($0.role) + ".",
          ]
        }))
  }

  private var channelTable: PlainPage.Block {
    .table(
      PlainPage.Table(
        columns: [
          .init("Channel"), .init("Goes to"), .init("Carries", .long), .init("Read by", .long),
        ],
        rows: channels.map {
          [$0.name, $0.goesTo, capitalised($0.carries) + ".", capitalised($0.readBy) + "."]
        }))
  }
}
