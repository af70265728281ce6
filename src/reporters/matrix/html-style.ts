/** What the page of versions adds to the style of all pages. It has no script: what can be chosen is chosen by the style. */
export const style = `
main, header, footer { max-width: 84rem; overflow-wrap: anywhere; } .lead { max-width: 60rem; } .none { color: var(--faint); }
.product { border-top: 2px solid var(--line); margin-top: 2.5rem; } .product > h2 { font-size: 1.3rem; margin: 1rem 0 .25rem; }
.product > .verdict, .answer { max-width: 60rem; } td a.fail, td.fail a, td.warn a { color: inherit; }
.glance tbody th { font-weight: 600; white-space: normal; min-width: 9rem; } .glance .answer { min-width: 18rem; }
.glance td:nth-child(2), .glance td:has(a), .glance td.pass { white-space: nowrap; }
.upgrades { margin: .5rem 0 1rem; } .upgrades ul { margin: 0; padding: 0; list-style: none; } .upgrades td { min-width: 12rem; }
.versions { max-height: 85vh; margin: .5rem 0; } .versions table { min-width: min(100%, 40rem); }
.versions thead th { position: sticky; top: 0; z-index: 2; background: var(--bg); font-variant-numeric: tabular-nums; white-space: nowrap; }
.versions tbody th, .versions thead th:first-child { position: sticky; left: 0; background: var(--bg); z-index: 1; }
.versions thead th:first-child { z-index: 3; } .versions td a { white-space: nowrap; } .versions td { min-width: 6.5rem; } .group small { font-weight: normal; font-size: .9em; }
.versions .group th { border-bottom-color: transparent; } .versions .group span, .versions .rest span { position: sticky; left: 0; display: inline-block;
  white-space: normal; max-width: min(80rem, calc(100vw - 3.5rem)); } .versions .rest td { color: var(--faint); }
@supports selector(:has(*)) { body:not(:has(#steady:checked)) .steady { display: none; } body:has(#steady:checked) .rest { display: none; } }
@supports not selector(:has(*)) { .choice, .rest { display: none; } }
.fault { border: 1px solid var(--line); border-radius: 6px; padding: .5rem .75rem; margin: .5rem 0; } .fault:target, li:target { border-color: var(--link);
  box-shadow: 0 0 0 2px var(--link); } .fault h4 { margin: 0; font-size: 1rem; } .fault h4 .who { font-weight: normal; } .fault p { margin: .25rem 0; }
.fault dl { margin: .25rem 0; } .fault pre { margin: .4rem 0; } details > summary { cursor: pointer; } .versions td, .glance td, .glance th { overflow-wrap: normal; }
@media (max-width: 48rem) {
  .glance, .glance tbody, .glance tr, .glance th, .glance td, .upgrades, .upgrades tbody, .upgrades tr, .upgrades th, .upgrades td { display: block; }
  .glance thead, .upgrades thead { display: none; } .glance tr, .upgrades tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  .glance th, .glance td, .upgrades th, .upgrades td { border: 0; padding: 1px 0; }
  .upgrades th::before { content: "if you run "; color: var(--faint); } .glance td::before, .upgrades td::before { content: attr(data-label) ": "; color: var(--faint); } .upgrades td ul { display: inline; } .upgrades td li { display: inline; }
  .upgrades td li + li::before { content: "; "; }
  .versions tbody th { white-space: normal; max-width: 9.5rem; min-width: 8rem; } }
`;
