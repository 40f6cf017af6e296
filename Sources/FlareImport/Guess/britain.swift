/// Where Britain is on its grid, roughly: for each hundred kilometres of northing the eastings, in
/// kilometres, between which there is land.
private let landByNorthing: [ClosedRange<Double>] = [
  80...610, 165...645, 160...660, 210...660, 210...550, 110...505, 85...435, 50...425, 50...420,
  70...405, 310...425, 390...475, 420...475,
]

/// Whether an easting and a northing of the British National Grid, in metres, lie on or near land.
func isOnBritishLand(_ easting: Double, _ northing: Double) -> Bool {
  guard northing >= 1000, northing < 1_300_000 else { return false }
  return landByNorthing[Int(northing / 100_000)].contains(easting / 1000)
}

/// The middle of each postcode area on the British National Grid, in kilometres, to within some
/// twenty: enough to tell an easting from a northing.
let postcodeAreaMiddles: [String: (x: Double, y: Double)] = [
  "AB": (380, 815), "AL": (517, 210), "B": (407, 285), "BA": (365, 150), "BB": (375, 430),
  "BD": (415, 437), "BH": (405, 95), "BL": (372, 410), "BN": (530, 108), "BR": (542, 168),
  "BS": (355, 172), "CA": (335, 545), "CB": (550, 260), "CF": (310, 180), "CH": (335, 370),
  "CM": (570, 210), "CO": (600, 225), "CR": (533, 163), "CT": (620, 155), "CV": (435, 275),
  "CW": (368, 360), "DA": (555, 172), "DD": (345, 735), "DE": (430, 340), "DG": (285, 580),
  "DH": (425, 545), "DL": (420, 515), "DN": (475, 405), "DT": (370, 95), "DY": (388, 282),
  "E": (537, 185), "EC": (532, 182), "EH": (325, 670), "EN": (533, 197), "EX": (285, 100),
  "FK": (280, 690), "FY": (335, 437), "G": (258, 665), "GL": (385, 215), "GU": (490, 145),
  "HA": (515, 188), "HD": (412, 415), "HG": (430, 458), "HP": (490, 205), "HR": (350, 242),
  "HS": (125, 930), "HU": (508, 432), "HX": (407, 425), "IG": (543, 187), "IP": (615, 255),
  "IV": (255, 860), "KA": (235, 630), "KT": (518, 164), "KW": (320, 960), "KY": (328, 700),
  "L": (340, 393), "LA": (345, 475), "LD": (305, 250), "LE": (458, 303), "LL": (275, 360),
  "LN": (500, 375), "LS": (430, 437), "LU": (508, 223), "M": (385, 397), "ME": (580, 160),
  "MK": (487, 238), "ML": (282, 650), "N": (532, 189), "NE": (420, 575), "NG": (460, 345),
  "NN": (475, 265), "NP": (325, 198), "NR": (620, 310), "NW": (526, 186), "OL": (393, 407),
  "OX": (448, 210), "PA": (205, 675), "PE": (535, 305), "PH": (285, 745), "PL": (235, 65),
  "PO": (465, 100), "PR": (353, 425), "RG": (465, 165), "RH": (528, 142), "RM": (553, 187),
  "S": (437, 385), "SA": (250, 215), "SE": (534, 175), "SG": (525, 225), "SK": (390, 385),
  "SL": (492, 180), "SM": (525, 165), "SN": (405, 180), "SO": (440, 112), "SP": (412, 130),
  "SR": (440, 555), "SS": (583, 188), "ST": (385, 340), "SW": (528, 175), "SY": (325, 300),
  "TA": (315, 130), "TD": (365, 635), "TF": (368, 312), "TN": (560, 135), "TQ": (285, 65),
  "TR": (175, 40), "TS": (450, 518), "TW": (514, 173), "UB": (508, 182), "W": (524, 181),
  "WA": (357, 390), "WC": (530, 182), "WD": (510, 197), "WF": (435, 418), "WN": (357, 405),
  "WR": (385, 255), "WS": (402, 303), "WV": (390, 299), "YO": (465, 460), "ZE": (445, 1150),
]

/// Parts of the world where a list may come from, in degrees: enough to tell a latitude from a
/// longitude.
enum WorldPart: CaseIterable {
  case britain, northAmerica, europe, australia

  var longitudes: ClosedRange<Double> {
    switch self {
    case .britain: -9...2.1
    case .northAmerica: -170 ... -52
    case .europe: -25...45
    case .australia: 112...179
    }
  }

  var latitudes: ClosedRange<Double> {
    switch self {
    case .britain: 49...61
    case .northAmerica: 15...72
    case .europe: 34...72
    case .australia: -48 ... -9
    }
  }

  static func holding(_ longitude: Double, _ latitude: Double) -> WorldPart? {
    allCases.first { $0.longitudes.contains(longitude) && $0.latitudes.contains(latitude) }
  }
}
