/** The words of a check, out of its page in docs/checks: the one place where they live. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { type CheckWords, type Concern, concerns } from '../model/report.ts';

// src/checks and dist/node lie equally deep in the package.
const PAGES = new URL('../../docs/checks/', import.meta.url);
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

const known = new Map<string, CheckWords>();

/** The words of a check. Throws an error that names the file where the page is missing or incomplete. */
export function wordsOf(id: string): CheckWords {
  const remembered = known.get(id);
  if (remembered !== undefined) return remembered;
  const words = parsePage(id, readPage(id));
  known.set(id, words);
  return words;
}

function readPage(id: string): string {
  // The id becomes a file name: no way out of the folder.
  if (!ID.test(id)) throw new Error(`"${id}" is not the id of a check, so docs/checks has no page for it`);
  try {
    return readFileSync(new URL(`${id}.md`, PAGES), 'utf8');
  } catch (cause) {
    throw new Error(`docs/checks/${id}.md cannot be read: the check "${id}" has no page`, { cause });
  }
}

/** Parses the page of a check: front matter, and the three sections. */
export function parsePage(id: string, page: string): CheckWords {
  const file = `docs/checks/${id}.md`;
  const match = /^---\n(.*?)\n---\n(.*)$/s.exec(page.replace(/\r\n?/g, '\n'));
  if (match === null) throw new Error(`${file} has no front matter`);
  const front = frontMatter(file, match[1] ?? '');
  const body = match[2] ?? '';
  const told = textIn(file, front, 'id');
  if (told !== id) throw new Error(`${file} is the page of "${told}": its id and its name differ`);
  return {
    id,
    level: levelIn(file, front),
    title: textIn(file, front, 'title'),
    concerns: concernIn(file, front),
    fault: textIn(file, front, 'fault'),
    ...(front.lacking === true ? { lacking: true } : {}),
    rule: textIn(file, front, 'rule'),
    source: sourceIn(file, front),
    detail: sectionIn(file, body, 'The rule'),
    harm: sectionIn(file, body, 'What breaks downstream'),
    remedy: sectionIn(file, body, 'How to mend it'),
  };
}

function frontMatter(file: string, yaml: string): JsonObject {
  let front: unknown;
  try {
    front = parse(yaml);
  } catch (cause) {
    throw new Error(`${file}: the front matter is no YAML`, { cause });
  }
  if (!isJsonObject(front)) throw new Error(`${file}: the front matter is no mapping`);
  return front;
}

function textIn(file: string, front: JsonObject, key: string): string {
  const value = front[key];
  if (typeof value !== 'string' || value.trim() === '') throw new Error(`${file}: "${key}" is missing`);
  return value.trim();
}

function levelIn(file: string, front: JsonObject): CheckWords['level'] {
  const level = front.level;
  if (level !== 'MUST' && level !== 'SHOULD') throw new Error(`${file}: "level" must be MUST or SHOULD`);
  return level;
}

function concernIn(file: string, front: JsonObject): Concern {
  const told = concerns.find((concern) => concern === front.concerns);
  if (told === undefined) throw new Error(`${file}: "concerns" must be one of ${concerns.join(', ')}`);
  return told;
}

function sourceIn(file: string, front: JsonObject): CheckWords['source'] {
  const source = front.source;
  if (!isJsonObject(source)) throw new Error(`${file}: "source" is missing`);
  const title = textIn(file, source, 'title');
  const says = textIn(file, source, 'says');
  const hasUrl = source.url !== undefined && source.url !== null;
  return hasUrl ? { title, url: textIn(file, source, 'url'), says } : { title, says };
}

function sectionIn(file: string, body: string, heading: string): string {
  const sections = body.split(/^## +/m).slice(1);
  const section = sections.find((text) => text.split('\n', 1)[0]?.trim() === heading);
  const words = section?.slice(section.indexOf('\n') + 1).trim() ?? '';
  if (section === undefined || !section.includes('\n') || words === '') {
    throw new Error(`${file}: the section "## ${heading}" is missing or empty`);
  }
  return words;
}
