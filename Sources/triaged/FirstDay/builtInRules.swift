import Triage

/// The rules that `preview --area` judges by where nobody has agreed on any yet: `config/rules.yaml`
/// word for word, which a test holds.
let builtInRulesText = #"""
  # What the partnership has agreed. Print it, argue about it, change the version when it changes.
  # Every key with its meaning and an example: docs/rules.md. Checked by: triaged check
  version: "2026-11"
  agreed_by: Example partnership board
  agreed_on: 2026-11-02
  review_on: 2027-05-01
  # On trial: everything runs and is listed, nothing is announced.
  # shadow: true

  # Names for scores; what stays below the lowest is below the line.
  bands:
    high: 50
    medium: 30

  # What is otherwise in one area, with who decided it and why; what is not named stays as below.
  # areas:
  #   new-cross:
  #     by: Ann Archer
  #     on: 2026-11-10
  #     why: The street meeting asked for it.
  #     bands: {high: 45, medium: 25}
  #     signals: {second_kind: 15}
  #     types:
  #       sharps: {points: 25, window: {closes: 21d}}

  # Points for what the history at the address, and around it, says. Nothing ever takes points away.
  signals:
    repeat: 5               # more than one job in 12 months
    second_kind: 10         # two or more kinds of job, or of feeds, in 12 months
    more_often_lately: 10   # more in the last 90 days than in the 90 before
    first: 5                # nothing else in 12 months: a new contact; never more than "repeat"
    several: 10             # two or more of the others, "first" apart
    # Complaints both ways between two addresses: one opportunity for both. It never says who complained.
    reciprocal:
      points: 35
      offer: visit
      name: Trouble between two households
      reason: "Two neighbouring households have each asked the council for help."
      within: 180d
      window: {opens: 48h, closes: 42d}
    # So many complaints around an address, at two or more addresses; its own may be one of them.
    neighbours: {points: 10, complaints: 3, within_metres: 50, within: 180d}

  # What this team is not for. Such a job shows the other door, and its address is left alone for some days.
  safeguarding:
    words: [suicid, self-harm, self harm, domestic abuse, domestic violence, child at risk, modern slavery, threat to kill]
    flags: ["*safeguarding*"]
    ring: the safeguarding hub, 01632 960 123
    days: 90d

  # These take a job out, whatever its type: building works are not hoarding.
  stop_words:
    - hoarding licence
    - hoardings licence
    - hoarding/ scaffold
    - hoarding/scaffold
    - scaffold
    - unstable hoarding
    - hoardings blocking

  # Nobody at home asked for it.
  callers_without_resident: ["officer*", "enforcement*", "ENF", "police*", "POL", "crew*", "staff*", "councillor*"]

  # Patterns ignore case; * stands for any run of characters; the first type that fits a job is its type.
  # A window is counted from the day of the job: opens (cooling off), fades (from then on the points go down
  # day by day), closes. A bare number is days.
  types:
    # Somebody next door is worried: reaches the line by itself, whatever the history at the address.
    - id: worried
      name: A neighbour is worried
      type: ["*worried about*", "*concern for*", "*welfare concern*"]
      offer: visit
      points: 35
      window: {opens: 24h, fades: 14d, closes: 42d}
      revisit: {after: 3d, times: 3}
      reason: Somebody nearby is worried about how things are at this address.

    # A resident asked and expects a call or a visit: the most natural reason.
    - id: bulky-quote
      name: Bulky waste quote
      type: ["*bulky*quote*", "*quote*bulky*"]
      status: ["*open*", "*pending*", "*quote*", "*awaiting*", "in progress", "*assigned*", "INP"]
      offer: visit
      points: 40
      window: {closes: 28d}
      reason: A bulky waste quote is still open, so somebody is expected to get in touch.
    - id: bulky-collection
      name: Bulky waste collection
      type: ["*bulky*"]
      offer: visit
      points: 25
      window: {closes: 21d}
      reason: A bulky waste collection was asked for.
    - id: assisted-collection
      name: Assisted collection
      type: ["*assist*add*", "*assist*request*", "*assist*review*", "*assisted collection*", "*assist*remove*"]
      offer: visit
      points: 35
      window: {closes: 42d}
      reason: Help with putting the bins out was asked for or is due for review.
    - id: pest-treatment
      name: Pest treatment visit
      type: ["*pest*treat*", "*rats*", "*mice*", "*bed bug*", "*cockroach*"]
      offer: visit
      points: 30
      window: {opens: 24h, closes: 28d}
      reason: A treatment visit for pests was asked for.
    - id: sharps
      name: Sharps box collection
      type: ["*sharps*collect*", "*sharps box*"]
      offer: call
      points: 20
      window: {closes: 14d}
      reason: A collection of a sharps box was asked for.
    - id: bin-replacement
      name: Replacement bin
      type: ["*replacement bin*", "*bin*lost*", "*bin*stolen*", "*bin delivery*", "*new container*"]
      offer: call
      points: 15
      window: {closes: 21d}
      reason: A replacement bin was asked for.

    # A resident asked, no visit is needed: history.
    - {id: missed-bin, name: Missed bin, type: ["*missed bin*", "*missed collection*", "*missed*refuse*", "*missed*recycling*"], offer: none}
    - {id: garden, name: Garden waste subscription, type: ["*garden*"], offer: none}

    # About somebody else: history, and the signals "reciprocal" and "neighbours".
    - {id: noise, name: Noise complaint, type: ["*noise*"], offer: none, complaint: true}
    - {id: accumulation, name: Accumulation of waste, type: ["*accumulation*", "*filthy*", "*verminous*", "*hoarding*"], offer: none, complaint: true}
    - {id: neighbour, name: Neighbour dispute, type: ["*neighbour*"], offer: none, complaint: true}
    - {id: dog-fouling, name: Dog fouling, type: ["*dog foul*", "*fouling*"], offer: none, complaint: true}

    # Public realm: never about a household.
    - {id: fly-tip, name: Fly-tipping, type: ["*fly*tip*"], offer: none}
    - {id: graffiti, name: Graffiti, type: ["*graffiti*"], offer: none}
    - {id: road, name: Road or pavement, type: ["*pothole*", "*street light*", "*gully*"], offer: none}
    - {id: vehicle, name: Abandoned vehicle, type: ["*abandoned vehicle*"], offer: none}
    - {id: litter, name: Litter, type: ["*litter*"], offer: none}
    - {id: dead-animal, name: Dead animal, type: ["*dead animal*"], offer: none}

  """#

/// What ``builtInRulesText`` says. The text is part of the program, so a fault in it is the program's.
func builtInRules() -> Rules {
  let problems = ProblemList()
  let rules = Section.parse(builtInRulesText, file: "built-in rules", problems: problems)
    .map(readRules(in:))
  guard let rules, !problems.hasErrors else {
    preconditionFailure("The built-in rules cannot be read: \(problems.problems)")
  }
  return rules
}
