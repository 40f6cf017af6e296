/// What council systems call such columns. Words that mean other things too ("benefit of doubt", a
/// "GP" bin) are taken with their neighbours only; a stem may stand anywhere, also where words are
/// glued together ("residentdisability").
let specialCategoryWords: [(category: String, phrases: [String], stems: [String])] = [
  (
    "health",
    [
      "health*", "medical*", "medicine*", "illness*", "diagnos*", "autis*", "epilep*", "diabet*",
      "hiv", "nhs", "gp name", "gp surgery", "gp practice", "hospital*", "patient*", "allerg*",
      "mental*", "suicid*", "self harm", "addict*", "alcohol*", "substance misuse", "drug use*",
      "drug misuse", "smoker", "clinical*", "sick", "sickness*", "sickle cell", "oxygen",
      "dialysis", "carer*", "care needs",
      "care plan", "maternity", "blood group", "blood type", "=condition", "long term condition*",
      "incontinen*", "continence*", "ahp", "stoma", "sharps user*", "sharps patient*",
      "sharps reason*", "asthma*", "cancer*", "covid*", "coronavirus*", "shielding", "shielded",
      "vaccin*", "adhd", "=sen", "=send", "sen need*", "sen status", "send need*", "sen pupil*",
      "send pupil*", "ehcp", "ehc plan*", "iechyd*", "clinically",
    ],
    [
      "medication", "dementia", "psychiatr", "mentalhealth", "pregnan", "medicalcondition",
      "health", "medical",
    ]
  ),
  (
    "disability",
    [
      "disab*", "mobility*", "blue badge*", "impair*", "blind", "deaf", "dla", "special need*",
      "access need*", "infirm*", "frail*", "hearing loss", "sight loss", "learning difficult*",
      "learning need*", "hard of hearing", "bsl", "sign language", "walking aid*", "walking frame*",
      "walking stick*", "walking difficult*", "lifting difficult*", "difficult* lifting",
      "unable to lift", "wheel chair*", "additional need*", "additional support", "support need*",
      "communication need*", "anabl*",
    ],
    ["disabilit", "disabled", "wheelchair", "bluebadge", "impairment"]
  ),
  (
    "reason for assistance",
    [
      "assist* reason*", "reason* for assist*", "assist* type", "assist* collection reason*",
      "assist* condition*", "assist* evidence",
    ],
    ["assistedreason", "assistreason", "reasonforassist", "assistedcollectionreason"]
  ),
  (
    "vulnerability or safeguarding",
    [
      "social care", "social worker*", "care leaver*", "domestic abuse*", "domestic violence*",
      "=dv", "dv flag*", "dv marker*", "dv victim*", "dv case*", "victim*", "safe guarding",
    ],
    ["vulnerab", "safeguard"]
  ),
  (
    "warning about a person",
    ["pvp", "violent*", "warning marker*", "cautionary*", "potentially violent"], ["violentmarker"]
  ),
  (
    "ethnic origin",
    [
      "ethnic*", "race", "races", "racial*", "migrant*", "country of birth", "country of origin",
      "place of birth", "skin colour", "traveller*", "gypsy", "gypsies", "roma", "visa status",
      "visa type", "bame", "first language*", "mother tongue*", "home language*",
      "preferred language*", "interpreter*", "ethnig*",
    ],
    ["ethnicit", "ethnicorigin", "nationality", "immigra", "asylum", "refugee"]
  ),
  (
    "religion or belief",
    [
      "religio*", "faith*", "belief*", "church member*", "denomination", "muslim*", "christian*",
      "jewish", "hindu*", "sikh*", "buddhis*", "creed", "mosque*", "crefydd*",
    ],
    ["religion", "religious"]
  ),
  (
    "sex life or orientation",
    ["sexual*", "sex life", "lgb*", "gay", "lesbian*", "bisexual*"],
    ["sexualit", "sexualorient"]
  ),
  (
    "gender identity", ["gender identit*", "gender reassign*", "trans status", "trans gender*"],
    ["genderident", "transgender"]
  ),
  (
    "trade union", ["trade union*", "trades union*", "union member*", "union name", "tu member*"],
    ["tradeunion", "unionmember"]
  ),
  (
    "political opinion",
    ["politic*", "party member*", "party affiliation", "voting intention*", "vote intention*"],
    ["politicalopinion"]
  ),
  (
    "biometric or genetic data",
    ["genetic*", "genome*", "dna", "retina*", "face scan", "finger print*", "voice print*"],
    ["biometric", "fingerprint", "voiceprint"]
  ),
  (
    "criminal offences",
    [
      "criminal*", "offence*", "offense*", "offender*", "convict*", "probation*", "prison*",
      "police record*", "cautions", "sentence date", "dbs", "crb", "arrest*", "asbo", "asb history",
      "crime record*",
    ],
    ["criminalrecord", "conviction", "offender"]
  ),
  (
    "benefits",
    [
      "=benefit", "benefits", "benefit type", "benefit claim*", "benefit status",
      "benefit recipient*",
      "on benefit", "receives benefit", "in receipt", "housing benefit*", "uc claim*", "pip", "dwp",
      "council tax support", "council tax reduction", "income support", "jobseeker*", "jsa", "esa",
      "pension credit", "attendance allowance", "free school meal*", "tax credit*", "means tested",
      "=uc", "on uc", "uc recipient*", "uc ref*", "uc status", "hb ref*", "hb claim*", "hb status",
      "=hb", "=ctr", "ctr ref*", "ctr claim*", "ctr award*", "low income*",
    ],
    ["universalcredit", "housingbenefit", "benefit"]
  ),
]

/// Phrases of street-scene lists in which such a word says nothing about a person.
let neutralPhrases: [[String]] = [
  "environmental health", "health and safety", "health safety", "public health", "tree health",
  "unhealthy tree", "plant health", "animal health", "health centre", "medical centre",
  "healthy streets", "hospital site", "hospital road", "hospital lane", "hospital street",
  "prison lane", "prison road", "faith street", "gay street", "deaf hill", "christian name",
  "blind bend", "blind corner", "race course", "race way", "alcohol litter", "esa ref",
  "mobility scooter obstruction", "cost benefit",
  // Fly tipping and parking are offences too; what they are and where is no person's record.
  "offence location", "offence type", "offence code", "offence date", "offence time",
  "offence street",
].map { $0.split(separator: " ").map(String.init) }

/// Words that hold a stem and are taken with their neighbours only ("benefit of doubt").
let wholeWordsAside: Set<String> = ["benefit", "benefits", "benefited", "benefitted"]
