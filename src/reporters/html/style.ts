/** The style of the page. No fonts, no images: what a browser has. Both colour schemes keep a contrast of 4.5 : 1. */
export const style = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1b1f24; --faint: #57606a; --line: #d0d7de; --soft: #f3f5f8;
  --pass: #116329; --fail: #b3141e; --warn: #7d4e00; --skip: #57606a; --error: #6f42c1; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --bg: #0f1318; --fg: #e4e9ef; --faint: #9aa6b2; --line: #343d47;
  --soft: #1a2129; --pass: #56d364; --fail: #ff8078; --warn: #e3b341; --skip: #9aa6b2; --error: #c8a2ff; --link: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.25rem 4rem; max-width: 84rem; background: var(--bg); color: var(--fg);
  font: 15px/1.6 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } summary h2 { display: inline; }
summary, h3, li, .verdict, .meta { overflow-wrap: anywhere; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; } h4 { margin: .5rem 0 .25rem; }
a { color: var(--link); } a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible,
button:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font: 13px/1.45 ui-monospace, monospace; } code, td, dd, summary span { unicode-bidi: isolate; }
pre, .frames code { white-space: pre-wrap; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .5rem .75rem; border-radius: 4px; max-height: 16rem; overflow: auto; margin: 0; }
.skip-link { position: absolute; left: -99rem; } .skip-link:focus { left: 1rem; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.verdict { font-size: 1.05rem; margin: .25rem 0; } .meta, .legend, .who { color: var(--faint); }
.legend span { margin-right: 1rem; display: inline-block; }
.scroll { position: relative; overflow: auto; max-width: 100%; } table { border-collapse: separate; border-spacing: 0; }
caption { text-align: left; color: var(--faint); padding: .25rem 0; }
th, td { text-align: left; padding: 3px .75rem 3px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; } tbody th { font-weight: normal; white-space: nowrap; }
.group th { padding-top: 1rem; font-weight: bold; } .number { text-align: right; font-variant-numeric: tabular-nums; }
thead th { max-width: 16rem; overflow-wrap: break-word; } #matrix td { white-space: nowrap; }
@media (min-width: 56rem) { #matrix tr:not(.group) > th:first-child { position: sticky; left: 0; background: var(--bg); } }
@media print { form, .skip-link { display: none !important; } .scroll { overflow: visible; } pre { max-height: none; } } #matrix td a { color: inherit; }
.frames { width: 100%; } .frames td:last-child { width: 100%; } .results td:last-child { min-width: 16rem; overflow-wrap: anywhere; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .warn { color: var(--warn); } .skip { color: var(--skip); }
.error { color: var(--error); }
.badge { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; font-weight: 600; }
@media (min-width: 56rem) and (min-height: 36rem) { form { position: sticky; top: 0; z-index: 1; } }
form { background: var(--bg); border-bottom: 1px solid var(--line); padding: .6rem 0;
  display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; align-items: center; margin-top: 1rem; }
form fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .1rem .75rem; } form legend { float: left; margin-right: .75rem; }
form input[type=search], form select, form button { font: inherit; color: var(--fg); background: var(--soft); border: 1px solid var(--line);
  border-radius: 4px; padding: .15rem .4rem; max-width: 18rem; }
output { color: var(--faint); }
details.finding { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; } [id] { scroll-margin-top: 5rem; }
details.finding > summary { padding: .5rem .75rem; cursor: pointer; } .body { padding: 0 .75rem .75rem; } .body > h3:first-of-type { margin-top: .5rem; }
.seen { margin: 0 0 .5rem; overflow-wrap: anywhere; } .body ul { margin: .25rem 0; padding-left: 1.25rem; }
details.case, details.share, details.ticket { margin: .25rem 0 .5rem; border-left: 3px solid var(--line); padding-left: .75rem; }
details.share > summary, details.ticket > summary, details.case > summary { cursor: pointer; overflow-wrap: anywhere; } p.case { margin: .25rem 0; overflow-wrap: anywhere; }
.buttons { margin: .4rem 0; display: flex; flex-wrap: wrap; gap: .4rem; } button { font: inherit; font-size: .85rem; color: var(--fg); background: var(--soft);
  border: 1px solid var(--line); border-radius: 4px; padding: .15rem .6rem; cursor: pointer; } button:hover { border-color: var(--faint); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1rem; } dt { color: var(--faint); grid-column: 1; }
dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; } blockquote { margin: .25rem 0; padding-left: .75rem; border-left: 3px solid var(--line); }
svg.timeline { width: 100%; max-width: 60rem; height: 56px; display: block; } svg text { fill: var(--fg); font: 11px ui-monospace, monospace; }
svg .axis { stroke: var(--faint); stroke-width: 2; } svg .tick { stroke: var(--link); stroke-width: 2; }
svg .all { stroke: var(--faint); stroke-width: 1; vector-effect: non-scaling-stroke; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); color: var(--faint); font-size: .9rem; }
.headline { list-style: none; margin: .5rem 0; padding: 0; font-size: 1.05rem; } .headline li { margin: .25rem 0; overflow-wrap: anywhere; }
summary h3 { display: inline; } details.section { margin: .75rem 0; } details.section > summary { cursor: pointer; } .numbers td, .numbers th { padding-right: 1.5rem; }
table.changes td { overflow-wrap: anywhere; min-width: 6rem; }
@media (max-width: 36rem) { body { padding: .75rem .75rem 3rem; } dl { grid-template-columns: minmax(0, 1fr); } dd { grid-column: 1; margin-bottom: .35rem; }
  form input[type=search], form select { max-width: min(18rem, 75vw); } .frames td, .frames th { padding-right: .4rem; } .results tbody th { white-space: normal; } }
[hidden] { display: none !important; }
`;
