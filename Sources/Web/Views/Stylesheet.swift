import Crypto
import Foundation

/// The one stylesheet, inline in every page so that a page is one request, and named by its hash
/// in the content security policy.
///
/// After the principles of the GOV.UK Service Manual: one column, 19 px, targets of 44 px, focus
/// always seen, meaning never by colour alone. Contrast is 4.5:1 or better in both schemes.
enum Stylesheet {
  static let hash = "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()

  static let text = """

    :root {
      color-scheme: light dark;
      --paper: #fff; --ink: #14181c; --soft: #4a545e; --line: #b3bcc5; --field: #5c6873;
      --act: #14532d; --act-ink: #fff; --band: #14181c; --band-ink: #fff; --link: #0b4f9c;
      --good: #e6f2ea; --good-edge: #14532d; --care: #fff3d1; --care-edge: #8a5a00;
      --wrong: #b3122a; --focus: #ffcf33; --focus-ink: #14181c;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14181c; --ink: #f1f3f5; --soft: #b6c0ca; --line: #46515c; --field: #8b97a3;
        --act: #8fd6a8; --act-ink: #0d1f14; --band: #262d34; --band-ink: #fff; --link: #9cc9ff;
        --good: #1a2f22; --good-edge: #8fd6a8; --care: #372b0d; --care-edge: #ffcf66;
        --wrong: #ff9aa5; --focus: #ffcf33; --focus-ink: #14181c;
      }
    }
    * { box-sizing: border-box; }
    html { font-size: 100%; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1.1875rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
      overflow-wrap: break-word;
    }
    header { background: var(--band); color: var(--band-ink); }
    header p, main, footer { max-width: 40rem; margin: 0 auto; padding: 0.75rem 1rem; }
    header p { font-weight: 700; }
    main { padding-top: 1.5rem; padding-bottom: 2.5rem; }
    footer { color: var(--soft); border-top: 1px solid var(--line); font-size: 1rem; }
    footer p { margin: 0.5rem 0; }
    h1 { font-size: 1.875rem; line-height: 1.2; margin: 0 0 1rem; }
    h2 { font-size: 1.375rem; line-height: 1.25; margin: 2rem 0 0.5rem; }
    p { margin: 0 0 1rem; }
    a { color: var(--link); text-underline-offset: 0.15em; }
    .lead { font-size: 1.3125rem; }
    .small { color: var(--soft); font-size: 1rem; }
    .after { margin-top: 1rem; }
    .skip { position: absolute; left: -999rem; }
    .skip:focus { position: static; display: block; padding: 0.75rem 1rem; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

    dl { margin: 0 0 1rem; border-top: 1px solid var(--line); }
    dl > div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
    dt { flex: 0 0 9rem; font-weight: 700; }
    dd { flex: 1 1 12rem; min-width: 0; margin: 0; }
    .reasons { list-style: none; margin: 0; padding: 0; }
    .reasons li { display: flex; gap: 0.75rem; padding: 0.25rem 0; }
    .reasons li > :last-child { min-width: 0; }
    .points { flex: 0 0 3rem; text-align: right; font-weight: 700; font-variant-numeric: tabular-nums; }
    .address { font-size: 1.5rem; font-weight: 700; line-height: 1.3; white-space: pre-line; }
    .kept { white-space: pre-line; border-left: 4px solid var(--line); padding-left: 0.75rem; }
    .done, .caution, .problem { padding: 0.75rem 1rem; margin: 0 0 1.5rem; border: 0 solid; border-left-width: 6px; }
    .done { background: var(--good); border-color: var(--good-edge); }
    .done p { margin: 0; }
    .caution { background: var(--care); border-color: var(--care-edge); font-weight: 700; }
    .caution ul { margin: 0; padding-left: 1.25rem; }
    .problem { border: 4px solid var(--wrong); }
    .caution h2, .problem h2 { margin: 0 0 0.5rem; }
    .problem p { margin: 0; }
    .problem a, .wrong-text { color: var(--wrong); font-weight: 700; }
    table { width: 100%; border-collapse: collapse; margin: 0 0 1rem; }
    caption { text-align: left; color: var(--soft); padding-bottom: 0.25rem; }
    th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    td:first-child { white-space: nowrap; }
    th:last-child, td:last-child { padding-right: 0; }
    th { overflow-wrap: normal; }

    .act { border-top: 1px solid var(--line); margin-top: 2.5rem; }
    .act form + form { margin-top: 2rem; }
    fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; min-width: 0; }
    legend { font-weight: 700; padding: 0; margin-bottom: 0.5rem; }
    .field { margin-bottom: 1.5rem; }
    .field > label { display: block; font-weight: 700; margin-bottom: 0.25rem; }
    .wrong { border-left: 5px solid var(--wrong); padding-left: 0.75rem; }
    .wrong-text { margin: 0 0 0.5rem; }
    select {
      width: 100%; max-width: 24rem; min-height: 2.75rem; padding: 0.25rem 0.5rem; font: inherit;
      color: var(--ink); background: var(--paper); border: 2px solid var(--field); border-radius: 0;
    }
    .choice { position: relative; display: flex; align-items: center; min-height: 2.75rem; }
    .choice input { flex: none; width: 1.75rem; height: 1.75rem; margin: 0 0.5rem 0 0.25rem; accent-color: var(--act); }
    .choice label { flex: 1; padding: 0.5rem 0; }
    form + p { margin-top: 1.5rem; }
    .consent { margin: 0.25rem 0 0.75rem 1.125rem; padding-left: 1.25rem; border-left: 4px solid var(--line); }
    .consent legend { font-weight: 400; }
    .field fieldset { margin: 0; }
    .consent.wrong { border-left: 5px solid var(--wrong); }
    @supports selector(:has(*)) {
      .outcome:not(:has(#outcome-accepted:checked)) .consent:not(.wrong) { display: none; }
    }
    button {
      display: inline-block; min-height: 2.75rem; padding: 0.5rem 1.25rem; font: inherit; font-weight: 700;
      color: var(--act-ink); background: var(--act); border: 2px solid var(--act); border-radius: 0; cursor: pointer;
    }
    button.second { color: var(--ink); background: var(--paper); border-color: var(--field); }
    a:focus-visible, button:focus-visible, select:focus-visible, input:focus-visible {
      outline: 3px solid var(--focus); outline-offset: 0; box-shadow: 0 0 0 6px var(--focus-ink);
    }
    @media (max-width: 30rem) {
      dt { flex-basis: 100%; }
      button { width: 100%; }
      h1 { font-size: 1.625rem; }
      .address { font-size: 1.375rem; }
    }
    @media print {
      :root { --paper: #fff; --ink: #000; --soft: #333; --line: #999; --good: #fff; --care: #fff; }
      header, footer, form, .act, .skip { display: none; }
      main { max-width: none; padding: 0; }
    }

    """
}
