/** What of a config file came out of the environment: errors show the file as it is written. */
import { patternOf } from '../wire/secret-forms.ts';
import { withoutSecrets } from '../wire/without-secrets.ts';

/** Shorter values would be found in any text. */
const SHORTEST = 4;

export class FilledIn {
  /** Whole texts by what they became, then the variables. */
  readonly #texts = new Map<string, string>();
  readonly #variables = new Map<string, string>();
  readonly #atPaths = new Map<string, string>();

  /** @param name of the variable */
  variable(name: string, value: string): void {
    this.#variables.set(value, `\${${name}}`);
    // A path is resolved before it is shown.
    this.#variables.set(value.replace(/^(?:\.{0,2}\/)+|\/+$/g, ''), `\${${name}}`);
  }

  /** @param place the path of the text in the file, as it is shown */
  text(place: string, written: string, value: string): void {
    this.#texts.set(value, written);
    this.#atPaths.set(place, written);
  }

  /** What the file says at a place, where a variable is in it. */
  writtenAt(place: string): string | undefined {
    return this.#atPaths.get(place);
  }

  /** A message in which no value of a variable stands, but what was written for it. */
  asWritten(message: string): string {
    let shown = message;
    for (const [value, written] of this.#texts)
      shown = shown.replaceAll(JSON.stringify(value), () => JSON.stringify(written));
    for (const all of [this.#texts, this.#variables])
      for (const [value, written] of all)
        if (value.length >= SHORTEST) shown = withoutSecrets(shown, patternOf([value]), written);
    return shown;
  }
}
