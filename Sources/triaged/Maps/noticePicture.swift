import Triage

/// A picture that goes with a mail.
/// - Parameter alternative: what it shows, in words.
func noticePicture(_ svg: String, alternative: String) -> NoticePicture {
  NoticePicture(format: .svg, bytes: Array(svg.utf8), alternative: alternative)
}
