/**
 * The script of the page: the filters, and opening what a link leads to. It reads the page and nothing else.
 * Without it everything is still there, unfiltered.
 */
export const script = String.raw`
'use strict';
const form = document.getElementById('filters');
const count = document.getElementById('count');
const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
const rows = all('#matrix tr.item');
const singles = all('.item[data-verdict]');
const texts = new Map([...rows, ...singles].map((item) => [item, item.textContent.toLowerCase()]));

function filter() {
  const wanted = new Set(all('input[name=verdict]:checked', form).map((box) => box.value));
  const server = form.elements.server.value;
  const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const says = (item) => words.every((word) => texts.get(item).includes(word));
  const concerns = (item) => server === '' || item.dataset.servers.split(' ').includes(server);
  for (const cell of all('#matrix [data-server]')) cell.hidden = server !== '' && cell.dataset.server !== server;
  for (const row of rows) {
    const cells = all('td[data-verdict]', row).filter((cell) => !cell.hidden);
    row.hidden = !(says(row) && cells.some((cell) => wanted.has(cell.dataset.verdict)));
  }
  for (const item of singles) item.hidden = !(wanted.has(item.dataset.verdict) && concerns(item) && says(item));
  for (const body of all('#matrix tbody')) body.hidden = all('tr.item', body).every((row) => row.hidden);
  count.textContent = [
    tally(rows, 'table rows'),
    tally(all('details.finding'), 'findings'),
    tally(all('#results tr.item'), 'results'),
  ].join(', ');
}

function tally(items, noun) {
  return items.filter((item) => !item.hidden).length + ' of ' + items.length + ' ' + noun;
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.matches('details.finding')) return;
  target.hidden = false;
  target.open = true;
  target.querySelector('summary').focus();
  target.scrollIntoView();
}

form.hidden = false;
form.addEventListener('input', filter);
form.addEventListener('reset', () => setTimeout(filter));
form.addEventListener('submit', (event) => event.preventDefault());
addEventListener('hashchange', openTarget);
document.addEventListener('click', (event) => {
  const link = event.target.closest('#matrix a');
  if (link && link.hash === location.hash) openTarget();
});
filter();
openTarget();
`;
