/// Words that end a street's name and hardly ever a house's.
let certainStreetWords: Set<String> = [
  "ROAD", "STREET", "AVENUE", "LANE", "DRIVE", "CLOSE", "CRESCENT", "WAY", "BOULEVARD",
]

/// All words that end a street's name; "Hill View" and "Rose Court" may be houses as well.
let streetWords: Set<String> = certainStreetWords.union([
  "COURT", "GARDENS", "GARDEN", "GROVE", "PLACE", "SQUARE", "TERRACE", "WALK", "HILL", "RISE",
  "VIEW", "MEWS", "ROW", "GREEN", "PARK", "YARD", "GATE", "PASSAGE", "PATH", "PARADE", "VALE",
  "BANK", "BROADWAY", "MOUNT", "CROFT", "END", "FOLD", "GARTH", "HEIGHTS", "SIDE", "CIRCLE",
  "WHARF", "QUAY", "CROSS", "COMMON", "DALE", "PKWY", "PARKWAY",
])

/// Words that stand before what tells one dwelling of a building from the next.
let unitWords = ["FLAT", "UNIT", "APARTMENT", "ROOM"]

/// Words that tell of a part of a building.
let dwellingWords: Set<String> = Set(unitWords).union([
  "FLOOR", "STUDIO", "BASEMENT", "BEDSIT", "MAISONETTE", "PENTHOUSE", "ATTIC", "ANNEXE", "ANNEX",
  "BLOCK", "PLOT", "CARAVAN", "CHALET", "PITCH", "UPSTAIRS", "DOWNSTAIRS",
])

/// Parts of a building of which "Flat" behind them says nothing more: "Ground Floor Flat".
let floorWords: Set<String> = [
  "FLOOR", "BASEMENT", "ATTIC", "PENTHOUSE", "MAISONETTE", "UPSTAIRS", "DOWNSTAIRS",
]

/// Words that tell of a part of a building where they stand alone between commas ("12 Mill Lane, Upper"):
/// with others they begin the names of streets and villages.
let loneDwellingWords: Set<String> = ["REAR", "UPPER", "LOWER"]

/// Words that may follow a street's name and tell it from the next one ("Park Road West").
let directions: Set<String> = ["NORTH", "EAST", "SOUTH", "WEST"]

/// Who is meant, whoever it is.
let occupants: Set<String> = [
  "OCCUPIER", "OCCUPIERS", "OCCUPANT", "OCCUPANTS", "RESIDENT", "RESIDENTS", "HOUSEHOLDER",
  "TENANT",
  "TENANTS",
]

/// Words that end the name of a building.
let buildingWords: Set<String> = [
  "HOUSE", "COTTAGE", "COTTAGES", "COURT", "LODGE", "FARM", "FARMHOUSE", "HALL", "VILLA", "VILLAS",
  "BUNGALOW", "BARN", "MANOR", "TOWER", "TOWERS", "MANSION", "MANSIONS", "BUILDING", "BUILDINGS",
  "CHAMBERS", "FLATS", "HOSTEL", "HOTEL", "VICARAGE", "RECTORY",
]

/// Words that stand before a person's name.
let titles: Set<String> = [
  "MR", "MRS", "MS", "MISS", "MX", "MASTER", "DR", "DOCTOR", "REV", "PROF", "SIR", "LADY", "ESQ",
  "FAO", "CO", "TENANT", "OCCUPIER",
]

/// Numbers in words and in Roman numerals. A single letter is more often a flat or an initial.
let numberWords: [String: Int] = {
  let words = [
    "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN",
    "TWELVE", "THIRTEEN", "FOURTEEN", "FIFTEEN", "SIXTEEN", "SEVENTEEN", "EIGHTEEN", "NINETEEN",
    "TWENTY",
  ]
  let roman = [
    "", "II", "III", "IV", "", "VI", "VII", "VIII", "IX", "", "XI", "XII", "XIII", "XIV", "XV",
    "XVI", "XVII", "XVIII", "XIX", "XX",
  ]
  var numbers: [String: Int] = [:]
  for (at, word) in words.enumerated() { numbers[word] = at + 1 }
  for (at, word) in roman.enumerated() where !word.isEmpty { numbers[word] = at + 1 }
  return numbers
}()

/// Spelled in full; an empty text is left out.
let abbreviations: [String: String] = [
  "RD": "ROAD", "ST": "STREET", "STR": "STREET", "STRT": "STREET", "AVE": "AVENUE",
  "AV": "AVENUE", "AVN": "AVENUE", "LN": "LANE", "LA": "LANE", "LNE": "LANE", "DR": "DRIVE",
  "DRV": "DRIVE", "DVE": "DRIVE", "CL": "CLOSE", "CLS": "CLOSE", "CRES": "CRESCENT",
  "CRESC": "CRESCENT", "CR": "CRESCENT", "CLO": "CLOSE", "MT": "MOUNT", "HL": "HILL", "YD": "YARD",
  "GN": "GREEN", "GRN": "GREEN", "RW": "ROW", "VW": "VIEW", "RI": "RISE", "MWS": "MEWS",
  "NTH": "NORTH", "STH": "SOUTH", "NOS": "", "APPT": "APARTMENT", "CT": "COURT", "CRT": "COURT",
  "GDNS": "GARDENS",
  "GDN": "GARDEN", "GR": "GROVE", "GRO": "GROVE", "GRV": "GROVE", "PL": "PLACE", "SQ": "SQUARE",
  "TERR": "TERRACE", "TER": "TERRACE", "TCE": "TERRACE", "WY": "WAY", "WLK": "WALK",
  "PK": "PARK", "BLVD": "BOULEVARD", "APT": "APARTMENT", "FLT": "FLAT", "RM": "ROOM",
  "FLR": "FLOOR", "NO": "", "NR": "", "NUM": "", "NUMBER": "", "HSE": "HOUSE", "HO": "HOUSE",
  "COTT": "COTTAGE", "BLDG": "BUILDING", "BSMT": "BASEMENT", "GRD": "GROUND", "GND": "GROUND",
  "FIRST": "1ST", "SECOND": "2ND", "THIRD": "3RD", "FOURTH": "4TH", "FIFTH": "5TH",
]
