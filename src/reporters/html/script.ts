/**
 * The script of a page: the filters, which stand in its address; opening what a link leads to; and copying. It reads the
 * page and nothing else. Without it everything is still there, unfiltered.
 *
 * The address is `#ANCHOR?verdict=fail,warn&server=NAME&text=WORDS`: behind the `#` since a file has no query that could
 * be changed without loading it anew.
 */
export const script = String.raw`
'use strict';
const form = document.getElementById('filters');
const count = document.getElementById('count');
const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
const rows = all('#matrix tr.item');
const singles = all('.item[data-verdict]');
const texts = new Map([...rows, ...singles].map((item) => [item, item.textContent.toLowerCase()]));
const boxes = all('input[name=verdict]', form || document.createElement('p'));
let anchor = '';

function filter() {
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
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
  say('');
}

function say(more) {
  count.textContent = [
    tally(all('details.finding'), 'findings'),
    tally(rows, 'table rows'),
    tally(all('#results tr.item'), 'results'),
  ].join(', ') + more;
}

function tally(items, noun) {
  return items.filter((item) => !item.hidden).length + ' of ' + items.length + ' ' + noun;
}

function readAddress() {
  const [target, query] = location.hash.slice(1).split('?');
  try { anchor = decodeURIComponent(target); } catch { anchor = ''; }
  if (!form || query == null) return;
  const asked = new URLSearchParams(query);
  const verdicts = asked.get('verdict');
  for (const box of boxes) box.checked = verdicts === null || verdicts.split(',').includes(box.value);
  form.elements.text.value = asked.get('text') || '';
  form.elements.server.value = asked.get('server') || '';
  if (form.elements.server.selectedIndex < 0) form.elements.server.value = '';
}

function writeAddress() {
  const said = new URLSearchParams();
  if (boxes.some((box) => !box.checked)) said.set('verdict', boxes.filter((box) => box.checked).map((box) => box.value).join(','));
  if (form.elements.server.value) said.set('server', form.elements.server.value);
  if (form.elements.text.value) said.set('text', form.elements.text.value);
  const query = said.toString().replaceAll('%2C', ',');
  const hash = encodeURIComponent(anchor) + (query && '?' + query);
  if (hash !== location.hash.slice(1)) history.replaceState(null, '', hash ? '#' + hash : location.pathname + location.search);
}

function openTarget() {
  if (anchor === '') return;
  const named = document.getElementById(anchor);
  const target = named && named.matches('span') ? named.nextElementSibling : named;
  if (!target) return form && say('. ' + anchor + ' is not in this report.');
  for (let up = target; up; up = up.parentElement) {
    if (up.matches('details')) up.open = true;
    if (up.matches('.item')) up.hidden = false;
  }
  const summary = target.matches('details') && target.querySelector('summary');
  if (summary) summary.focus();
  target.scrollIntoView();
}

function textToCopy(button) {
  const kind = button.dataset.copies;
  const from = button.closest('.evidence, .ticket').querySelector(kind === 'frames' ? 'table.frames' : 'pre.' + kind);
  if (kind !== 'frames') return from.textContent;
  return all('tbody tr', from).map((row) => [...row.cells].map((cell) => cell.textContent).join('\t')).join('\n');
}

async function copy(button) {
  const text = textToCopy(button);
  const label = button.textContent;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    button.after(area);
    area.select();
    done = document.execCommand('copy');
    area.remove();
  }
  button.textContent = done ? 'Copied' : 'Could not be copied';
  setTimeout(() => { button.textContent = label; }, 1500);
}

for (const button of all('button.copy')) button.hidden = false;
document.addEventListener('click', (event) => {
  const button = event.target.closest('button.copy');
  if (button) return void copy(button);
  const link = event.target.closest('a[href^="#"]');
  if (link && link.hash.slice(1) === anchor) openTarget();
});
readAddress();
if (form) {
  form.hidden = false;
  form.addEventListener('input', () => { filter(); writeAddress(); });
  form.addEventListener('reset', () => setTimeout(() => { filter(); writeAddress(); }));
  form.addEventListener('submit', (event) => event.preventDefault());
  filter();
}
addEventListener('hashchange', () => {
  readAddress();
  if (form) { filter(); writeAddress(); }
  openTarget();
});
openTarget();
`;
