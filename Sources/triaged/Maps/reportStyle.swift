/// The style sheet of every page that is written as a file: light and dark, on a phone and on paper. A map
/// brings its own (``pictureStyle``).
let reportStyle = """
  :root{color-scheme:light dark;--ink:#1d2327;--quiet:#566068;--page:#fff;--line:#d5dade;\
  --soft:#f3f5f6;--accent:#0b5cad;--warn:#8a4b00;--warnbg:#fff4e2;--stop:#a3190f;--stopbg:#fdecea}
  @media screen and (prefers-color-scheme:dark){:root{--ink:#e6e9eb;--quiet:#a5adb4;--page:#15191c;\
  --line:#363d42;--soft:#1e2428;--accent:#8cc1f5;--warn:#ffc36b;--warnbg:#33260f;--stop:#ff9d94;\
  --stopbg:#3a1b18}}
  *{box-sizing:border-box}
  body{margin:0 auto;max-width:70rem;padding:1rem;font:1rem/1.5 system-ui,"Segoe UI",Roboto,\
  "Helvetica Neue",Arial,sans-serif;color:var(--ink);background:var(--page);overflow-wrap:break-word}
  h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
  h2{font-size:1.2rem;margin:2rem 0 .5rem;border-top:1px solid var(--line);padding-top:1rem}
  p{margin:.5rem 0;max-width:45rem}
  .quiet,caption{color:var(--quiet)}
  .why{font-weight:400;color:var(--quiet);font-size:.85rem}
  .numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.5rem;\
  margin:1rem 0;padding:0}
  .numbers div{background:var(--soft);border-radius:.4rem;padding:.6rem .8rem}
  .numbers dt{color:var(--quiet);font-size:.85rem;line-height:1.3}
  .numbers dd{margin:0;font-size:1.6rem;font-weight:600;line-height:1.2;font-variant-numeric:tabular-nums}
  .note,.stop{border-left:.3rem solid var(--warn);background:var(--warnbg);padding:.5rem .8rem;\
  margin:.5rem 0;max-width:45rem}
  .stop{border-color:var(--stop);background:var(--stopbg)}
  .note strong{color:var(--warn)}.stop strong{color:var(--stop)}
  table{border-collapse:collapse;width:100%;margin:.75rem 0;font-size:.93rem}
  caption{text-align:left;padding:.25rem 0;font-size:.9rem}
  th,td{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;border-bottom:1px solid var(--line)}
  table:not(.cards){max-width:45rem}table:not(.cards) tbody th{overflow-wrap:anywhere}
  thead th,thead th.n{font-size:.82rem;color:var(--quiet);font-weight:600;white-space:normal;vertical-align:bottom}
  thead th[colspan]{text-align:center}tbody th{font-weight:600;min-width:8rem}.day{white-space:nowrap}.sum{border-top:2px solid var(--quiet)}
  .n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
  ul{margin:.25rem 0;padding-left:1.1rem}
  td ul{margin:0}
  figure{margin:1rem 0}
  figure svg{display:block;width:100%;max-width:42rem;height:auto;background:var(--soft);\
  border-radius:.4rem}
  figcaption{color:var(--quiet);font-size:.9rem;margin-top:.4rem}
  @media(max-width:40rem){
  table.cards,.cards caption,.cards tbody,.cards tr,.cards td,.cards tbody th{display:block;width:auto}
  .cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
  .cards tr{border-bottom:1px solid var(--line);padding:.5rem 0}
  .cards td,.cards tbody th{border:0;padding:.1rem 0}
  .cards td.n{text-align:left}
  .cards td[data-label]:not(:empty)::before{content:attr(data-label) ": ";color:var(--quiet)}
  }
  @media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:10pt}
  h2{break-after:avoid}tr,figure,.numbers div{break-inside:avoid}
  .numbers div,figure svg{border:1px solid var(--line)}}
  """
