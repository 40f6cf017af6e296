/// The style of every map: plain colours, since not every reader of SVG knows CSS variables, lighter ones
/// on a dark screen, and on paper no tint. Its names begin with `tm-`, as it may stand in a page of ours.
let pictureStyle = """
  .tm{font-family:system-ui,"Segoe UI",Roboto,"DejaVu Sans",Arial,sans-serif}
  .tm-paper{fill:#fff}.tm-ground{fill:#f6f6f3}.tm-frame{fill:none;stroke:#9aa2a8}
  .tm-context{fill:#eceeef;stroke:#b4bac0;stroke-width:1;stroke-linejoin:round}
  .tm-context-name{font-size:10.5px;fill:#636b72;text-anchor:middle}
  .tm-area{fill:#0b5cad;fill-opacity:.13;stroke:#0b5cad;stroke-width:1.8;stroke-linejoin:round}
  .tm-idle{fill:#0b5cad;fill-opacity:.04;stroke:#0b5cad;stroke-width:1.6;stroke-dasharray:1.5 3;stroke-linecap:round}
  .tm-before{fill:none;stroke:#30363b;stroke-width:1.4;stroke-dasharray:6 3.5}
  .tm-came{stroke:#11702f;stroke-width:1.6}.tm-went{stroke:#b3261e;stroke-width:1.6}
  .tm-moved{fill:#6b3fa0}.tm-edge{fill:none;stroke:#5b646b;stroke-width:.7}
  .tm-mark{stroke:#fff;stroke-width:.8}.tm-opportunity{fill:#b3261e}.tm-claimed{fill:#11702f}
  .tm-belowTheLine{fill:#b06f00}.tm-open{fill:#3f6db0}.tm-closed,.tm-unknownType{fill:#6b6f73}
  .tm-noReason{fill:#4a6fa5}
  .tm-title{font-size:17px;font-weight:600;fill:#1d2327}
  .tm-name{font-size:14px;font-weight:600;text-anchor:middle;fill:#1d2327;stroke:#fff;stroke-width:3.4px;\
  stroke-linejoin:round;paint-order:stroke}
  .tm-disc{fill:#fff;stroke:#1d2327;stroke-width:1.2}
  .tm-number{font-size:10px;font-weight:600;text-anchor:middle;fill:#1d2327}
  .tm-bare{stroke:#fff;stroke-width:2.4px;stroke-linejoin:round;paint-order:stroke}
  .tm-square{fill:#b3261e;fill-opacity:.1;stroke:#b3261e;stroke-opacity:.5;stroke-width:.8;stroke-dasharray:3 2}
  .tm-bar{fill:none;stroke:#1d2327;stroke-width:1.6}.tm-arrow{fill:#1d2327}
  .tm-plate{fill:#fff;fill-opacity:.78}
  .tm-small{font-size:12px;fill:#1d2327}.tm-quiet{font-size:11px;fill:#566068}
  @media screen and (prefers-color-scheme:dark){
  .tm-paper{fill:#15191c}.tm-ground{fill:#1c2125}.tm-frame{stroke:#59636b}
  .tm-context{fill:#282e33;stroke:#4a535a}.tm-context-name{fill:#a5adb4}
  .tm-area,.tm-idle{fill:#8cc1f5;stroke:#8cc1f5}.tm-before{stroke:#e6e9eb}
  .tm-came{stroke:#6fdc8c}.tm-went{stroke:#ff8a80}.tm-moved{fill:#c9a6ff}.tm-edge{stroke:#a5adb4}
  .tm-mark{stroke:#15191c}.tm-opportunity{fill:#ff8a80}.tm-claimed{fill:#6fdc8c}
  .tm-belowTheLine{fill:#ffc36b}.tm-open,.tm-noReason{fill:#8fb4e8}.tm-closed,.tm-unknownType{fill:#a5adb4}
  .tm-title,.tm-small,.tm-number,.tm-arrow{fill:#e6e9eb}.tm-name{fill:#f2f4f5;stroke:#15191c}.tm-bare{stroke:#15191c}
  .tm-disc{fill:#15191c;stroke:#e6e9eb}.tm-bar{stroke:#e6e9eb}.tm-plate{fill:#15191c}
  .tm-quiet{fill:#a5adb4}.tm-square{fill:#ff8a80;stroke:#ff8a80}}
  @media print{.tm-ground{fill:#fff}.tm-context{fill:#f0f0f0}.tm-area{fill-opacity:.08}}
  """
