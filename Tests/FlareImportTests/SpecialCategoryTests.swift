import FlareImport
import Foundation
import Testing

@Suite("Columns that may never be mapped")
struct SpecialCategoryTests {
  @Test(
    "A heading that names a special category is known, however it is written",
    arguments: [
      ("Health", "health"), ("HealthIssues", "health"), ("medical_condition", "health"),
      ("On Medication?", "health"), ("MENTAL HEALTH FLAG", "health"), ("isPregnant", "health"),
      ("properties.residentDementia", "health"), ("NHS No", "health"),
      ("Disability", "disability"), ("residentdisability", "disability"),
      ("Wheelchair user", "disability"), ("DisabledYN", "disability"), ("blue-badge", "disability"),
      ("Assisted Reason", "reason for assistance"), ("assistedreason", "reason for assistance"),
      ("Reason for assisted collection", "reason for assistance"),
      ("Vulnerable Person", "vulnerability or safeguarding"),
      ("SafeguardingRef", "vulnerability or safeguarding"), ("Race", "ethnic origin"),
      ("Ethnicity", "ethnic origin"), ("EthnicOrigin", "ethnic origin"),
      ("Nationality", "ethnic origin"), ("immigration_status", "ethnic origin"),
      ("Religion", "religion or belief"), ("FaithGroup", "religion or belief"),
      ("Sexual Orientation", "sex life or orientation"), ("Gender identity", "gender identity"),
      ("Trade Union", "trade union"), ("union_member", "trade union"),
      ("PoliticalParty", "political opinion"), ("Biometric id", "biometric or genetic data"),
      ("DNA", "biometric or genetic data"), ("Criminal record", "criminal offences"),
      ("Convictions", "criminal offences"), ("Offences", "criminal offences"),
      ("Benefits", "benefits"), ("Benefit", "benefits"), ("Universal Credit", "benefits"),
      ("hasPIP", "benefits"), ("DWPNotes", "benefits"), ("Housing Benefit Ref", "benefits"),
    ])
  func special(_ heading: String, _ category: String) {
    #expect(specialCategory(heading) == category)
  }

  @Test(
    "What council systems call such columns is known",
    arguments: [
      (
        "health",
        """
        Condition,Long Term Condition,Medical Condition,Health Condition,Incontinence,
        Incontinence Pads,AHP,Stoma,Sharps User,Asthma,Cancer,COVID Status,Shielding,Vaccinated,
        ADHD,SEN,SEND,SEN Status,EHCP,RESIDENTHEALTH,CUSTMEDICAL,ResidentHealth,Iechyd,Sickness,
        Healthy Start
        """
      ),
      (
        "disability",
        """
        Learning Difficulties,Hard of Hearing,BSL,Walking Aid,Lifting Difficulty,Additional Needs,
        Additional Support,Support Needs,Communication Needs,Anabledd,Mobility Scooter,Wheel Chair
        """
      ),
      (
        "vulnerability or safeguarding",
        "Domestic Abuse,DV Flag,DV,Victim,VictimName,Care Leaver,VULNERABLEFLAG"
      ),
      ("warning about a person", "PVP,Violent Marker,Warning Marker,Cautionary Contact"),
      ("ethnic origin", "First Language,Interpreter,InterpreterNeeded,Refugee,RefugeeStatus"),
      ("religion or belief", "Creed,Mosque,Christian"), ("trade union", "TU Member"),
      (
        "benefits",
        "UC,On UC,HB Ref,CTR,Low Income,BENEFITTYPE,ONBENEFITS,UniversalCredit,Benefit Type,ESA"
      ), ("criminal offences", "Offences,Offence,Conviction,Offender Name"),
    ])
  func systemsOfCouncils(_ category: String, _ headings: String) {
    for heading in headings.split(whereSeparator: { $0 == "," || $0.isNewline }) {
      #expect(specialCategory(String(heading)) == category, "\(heading)")
    }
  }

  @Test(
    "A heading of street scene with such a word in it is none",
    arguments: [
      "Refuge Easting", "Christian Name", "Blind Bend", "Race Course", "Sickle Lane",
      "Alcohol Litter", "ESA Ref", "Offence Location", "Offence Type", "OffenceCode",
      "Mobility Scooter Obstruction", "Refuse Collection", "Healthy Streets Ward", "Age of Job",
      "Sharps", "ENVIRONMENTALHEALTHREF", "Town Ctr", "Road Condition", "Hospital Road",
      "Send Status", "COSTBENEFIT", "Cancelled", "Stomach", "Second Visit",
    ])
  func streetScene(_ heading: String) {
    #expect(specialCategory(heading) == nil)
  }

  @Test(
    "A heading that only looks like one is none",
    arguments: [
      "Grace Road", "Trace", "Embrace", "Place", "Placement", "Terrace", "Brace", "Racecourse Road",
      "Benefit of doubt", "Environmental Health Ref", "Health and Safety", "Traced By",
      "Sender", "Send Date", "Spip", "Pipe", "Pipework", "Union Street", "Party Wall", "Sextant",
      "Essex", "Middlesex", "Sussex", "Deafen", "Reason", "Assisted", "Assisted Collection",
      "Status", "Type", "Orientation of sign", "Tree health", "Blindley Lane",
      "Ref", "UPRN", "Easting", "Northing", "Notes", "Caller Type", "GP Bin",
    ])
  func ordinary(_ heading: String) {
    #expect(specialCategory(heading) == nil)
  }

  @Test("The headings of the systems that councils use are none")
  func systems() throws {
    let known = """
      History Date/Time,Recorded Date,CRNo,Stage Desc.,Date Cleared,Inspection,LCA,Action Due,Stage
      LCA Description,Description,Event Type,Maint. Stage,L.A.Code,Maint.Recd.
      Report ID,Title,Detail,User Name,Category,Subcategory,Created,Confirmed,Acknowledged,Fixed
      Closed,Status,Latitude,Longitude,Query,Ward,Easting,Northing,Report URL,Device Type,Site Used
      Reported As,Nearest address,External ID,EnquiryNumber,ServiceCode,SubjectCode,EnquiryX,EnquiryY
      EnquiryStatusCode,EnquiryDescription,EnquiryLocation,EnquiryLogTime,LoggedTime,SiteCode
      id,UPRN,USRN,Address1,Address2,Street,Locality,Town,PostCode,DateRequested,ServiceType
      ServiceClass,ServiceStatus,SLA,ExternalReference,WorkGroupName,CrewNumber,LandType
      """.split { $0 == "," || $0.isNewline }.map { String($0) }
    #expect(specialCategories(in: known).map(\.heading) == [])
    for file in ["boston311-100.csv", "NYC311-5.csv", "adur-public-toilets.csv"] {
      let text = try String(
        contentsOfFile: RealListTests.fixtures + "/real/" + file, encoding: .utf8)
      let header = text.split(whereSeparator: \.isNewline)[0].split(separator: ",").map(String.init)
      let found = specialCategories(in: header)
      // Adur says which toilets are accessible; that is the toilet's.
      #expect(found.map(\.heading) == [], "\(file)")
    }
  }

  @Test("A feed may add words of its own")
  func further() {
    #expect(specialCategory("Risk marker") == nil)
    #expect(specialCategory("RiskMarker2", further: ["risk marker"]) == "risk marker")
    #expect(specialCategory("Risk", further: ["risk marker"]) == nil)
    #expect(specialCategory("Markers", further: ["marker*"]) == "marker*")
    #expect(specialCategory("Anything", further: ["", " "]) == nil)
  }

  @Test("A feed that maps such a column cannot be used")
  func refused() {
    let problems = settings { $0.columns.notes = "Assisted Reason" }.problems()
    #expect(problems.map(\.key) == ["columns.notes"])
    #expect(problems[0].problem.contains("'Assisted Reason'"))
    let own = settings {
      $0.columns.contact = "Marker"
      $0.refusedWords = ["marker"]
    }.problems()
    #expect(own.map(\.key) == ["columns.contact"])
  }
}
