/** A commented lastchunk.yaml for a server that was looked at. */
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NEWEST_CATALOGUE } from '../checks/catalogue.ts';
import { apiIds } from '../model/api.ts';
import { harmless, harmlessJson } from '../text/harmless.ts';
import { isKeyAsUser, isSecretParameter } from '../wire/redact.ts';

const SCHEMA = fileURLToPath(new URL('../../docs/lastchunk.schema.json', import.meta.url));

export interface LookedAt {
  readonly url: string;
  readonly model: string | null;
  /** As it names itself. */
  readonly product: string | null;
  readonly apiKeyEnv: string | null;
  /** True where it answered 401. */
  readonly wantsKey: boolean;
}

/** @param file where it will stand: the schema is named relative to it */
export function configText(file: string, { url, model, product, apiKeyEnv, wantsKey }: LookedAt): string {
  const { shown, secrets } = withoutSecrets(url);
  const key = apiKeyEnv ?? (wantsKey ? 'LLM_API_KEY' : null);
  const named = product === null ? 'it does not tell what it is' : `it says that it is ${harmless(product)}`;
  return `${schemaLine(file)}# The servers that "lastchunk check" tests. Paths are relative to this file; \${NAME} is read from the environment.
servers:
  - name: server # in reports and in the baseline
    url: ${quoted(shown, secrets)}
    ${model === null ? '# model: NAME' : `model: ${quoted(model)}`}
    ${key === null ? '# apiKeyEnv: LLM_API_KEY' : `apiKeyEnv: ${key}`} # environment variable with the API key
    # headers: { x-tenant: a }
    # label: "my-server 1.4" # product and version, where the server does not tell (${named})
    # profile: openai # accept no product's deviations
    # tokenizer: model.gguf # counts are compared with its

suite: standard # smoke, standard or full
catalogue: ${NEWEST_CATALOGUE} # a newer lastchunk runs the same checks; latest: those it brings, too
# api: [${apiIds.join(', ')}] # those to test; left out: all that the server has
# only: ["usage-*"] # globs over checks and cases: lastchunk list checks, lastchunk list cases
# skip: ["*/tools-called"]
timeout: 120 # seconds for one request
# maxDuration: 20m # for the whole run
# strict: true # SHOULDs fail, too
# failOn: warn # warnings fail the run, too

# Failures that are known and do not fail the run are read from lastchunk-baseline.yaml beside this file, where it is there. It
# is made with: lastchunk check --update-baseline
# baseline: other-baseline.yaml # another file

# outputs: { json: lastchunk-report/report.json, junit: lastchunk-report/junit.xml, html: lastchunk-report/report.html }
`;
}

/** Editors find the schema by this line, where the package lies beside the file. */
function schemaLine(file: string): string {
  const path = relative(dirname(file), SCHEMA).replaceAll('\\', '/');
  return path.startsWith('..') ? '' : `# yaml-language-server: $schema=${path}\n`;
}

/** Keys are not written into files: they are named, to be set in the environment. */
function withoutSecrets(text: string): { readonly shown: string; readonly secrets: readonly string[] } {
  const url = new URL(text.trim());
  const secrets: string[] = [];
  const named = (variable: string) => {
    secrets.push(variable);
    return variable;
  };
  if (url.password !== '') url.password = named('LLM_PASSWORD');
  if (isKeyAsUser(url)) url.username = named('LLM_USER');
  for (const name of [...url.searchParams.keys()].filter(isSecretParameter))
    url.searchParams.set(
      name,
      named(
        name
          .toUpperCase()
          .replace(/\W/g, '_')
          .replace(/^(?=\d)/, '_'),
      ),
    );
  return { shown: url.href.replace(/\/$/, ''), secrets };
}

function quoted(text: string, secrets: readonly string[] = []): string {
  const plain = harmlessJson(JSON.stringify(text)).replaceAll('${', () => '$${');
  return secrets.reduce(
    (filled, name) => filled.replace(new RegExp(`([=:/])${name}(?=[&@"#])`), `$1\${${name}}`),
    plain,
  );
}
