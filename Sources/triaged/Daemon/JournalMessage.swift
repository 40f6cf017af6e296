/// What a person has to act on, by the sentence with which the journal says it: each has a `MESSAGE_ID`, by which
/// `journalctl MESSAGE_ID=…` finds it and `journalctl -x` explains it (packaging/journal/triaged.catalog).
enum JournalMessage: String, CaseIterable {
  case feedTrouble = "The feed is in trouble; its last good state stays."
  case feedFailing = "The feed could not be polled; it is tried again."
  case registerOutOfForce =
    "Nothing is announced and nothing can be claimed until the register is mended."
  case areasTrouble =
    "The boundary files cannot take effect; the last good areas stay in force."
  case matter = "Something is the matter."
  case visitLate = "A visit is late; those who are to know are sent a mail at once."
  case visitLateUntold = "A visit is late, and there is nobody to tell: ring whoever is out."
  case mailRefused = "A mail was refused for good and is not tried again."
  case noticeRefused = "A notice was refused for good and is not tried again."
  case notAlive = "All is not well, so the watcher outside is told nothing until it is."
  case clockAhead =
    "The clock has jumped ahead; until it has stayed so for an hour no claim goes back, nobody is reminded and nothing is deleted."
  case storeUnreliable = "The database cannot be relied on; triaged stops."

  /// 128 bits in hexadecimal digits, drawn once and never changed.
  var id: String {
    switch self {
    case .feedTrouble: "a674bb291b8247ef99932a4a87ed71e2"
    case .feedFailing: "cee4522fa02f40ffbaa74326ab85040a"
    case .registerOutOfForce: "72aac2c7c2484bc58fb1f773c9d59189"
    case .areasTrouble: "1fe500f0d143415bbfcdbbf5b6eea2b7"
    case .matter: "87c30b316b4442cdb09808f882e73d0f"
    case .visitLate: "4fb8f1ccfe9d4e8a9fcd3289da175032"
    case .visitLateUntold: "44bb34b822cb425db1a5514fef4cf63c"
    case .mailRefused: "cf8f6fd82d4c40268759f4a26de61c72"
    case .noticeRefused: "c9b1ff12462d4f37b1761146a68c06ba"
    case .notAlive: "6aab7f7ac8254eefa5f1b659c6fd093f"
    case .clockAhead: "c02e6c6edfd04841beed3221f975b574"
    case .storeUnreliable: "56c5af69b6424238b10fde59bee84688"
    }
  }
}
