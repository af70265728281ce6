/** Reads single values out of evidence. All of it was chosen by a server: every read is bounded and may give null. */
import semver from 'semver';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Looked, ServerEvidence } from './product.ts';

const LONGEST_VALUE = 200;
const MOST_MODELS = 1000;

/** A string of a sane length; null for anything else. */
export function shortText(value: unknown): string | null {
  return typeof value === 'string' && value.length <= LONGEST_VALUE ? value : null;
}

/** A response header, trimmed and in lower case. */
export function headerOf(evidence: ServerEvidence, name: string): string | null {
  // A header may be called like a property that every object inherits.
  if (!Object.hasOwn(evidence.headers, name)) return null;
  return shortText(evidence.headers[name])?.trim().toLowerCase() ?? null;
}

/** True where any header's name starts so. */
export function hasHeaderWith(evidence: ServerEvidence, prefix: string): boolean {
  return Object.keys(evidence.headers).some((name) => name.startsWith(prefix));
}

/** `system_fingerprint`; null where absent, empty or too long to be one. */
export function fingerprintOf(evidence: ServerEvidence): string | null {
  return shortText(evidence.fingerprint) || null;
}

/** The entry of the model under test; where that is unknown, the list's first. */
export function modelEntry(evidence: ServerEvidence): JsonObject | null {
  if (isJsonObject(evidence.model)) return evidence.model;
  const [first] = listedModels(evidence);
  return first ?? null;
}

/** `owned_by` of the model under test, or the one owner that all listed models share. */
export function ownerOf(evidence: ServerEvidence): string | null {
  if (isJsonObject(evidence.model)) return shortText(evidence.model.owned_by);
  const owners = new Set(listedModels(evidence).map((entry) => shortText(entry.owned_by)));
  const [owner] = owners;
  return owners.size === 1 ? (owner ?? null) : null;
}

/** True where a model list was had at all. */
export function hasModelList(evidence: ServerEvidence): boolean {
  return isJsonObject(evidence.model) || listedModels(evidence).length > 0;
}

function listedModels(evidence: ServerEvidence): JsonObject[] {
  const data = isJsonObject(evidence.models) ? evidence.models.data : null;
  return Array.isArray(data) ? data.slice(0, MOST_MODELS).filter(isJsonObject) : [];
}

/**
 * A version as sent, if it looks like one: printable, at most 64 characters, starting with a number.
 * 0.0.0 is what builds say that were given no version.
 */
export function versionFrom(value: unknown): string | null {
  const text = shortText(value)?.trim();
  if (text === undefined || !/^v?\d[\w.+-]{0,62}$/.test(text)) return null;
  return /^v?0\.0\.0(?!\d)/.test(text) ? null : text;
}

/** A version as semver for ranges: 1.2.3rc4+g5678 is taken as 1.2.3. */
export function comparableRelease(version: string): string | null {
  return versionFrom(version) === null ? null : (semver.coerce(version)?.version ?? null);
}

/** The smallest of the values that can be a context in tokens; null where none can. */
export function smallestContext(values: readonly unknown[]): number | null {
  const usable = values.filter(
    (value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0,
  );
  return usable.length === 0 ? null : Math.min(...usable);
}

/** A 200 answer of an endpoint; null for anything else. */
export async function okAt({ look }: Pick<ServerEvidence, 'look'>, path: string): Promise<Looked | null> {
  const looked = await look(path);
  return looked?.status === 200 ? looked : null;
}

/** The JSON object an endpoint answers with. */
export async function objectAt(
  evidence: Pick<ServerEvidence, 'look'>,
  path: string,
): Promise<JsonObject | null> {
  const looked = await okAt(evidence, path);
  return isJsonObject(looked?.json) ? looked.json : null;
}
