import { LaunchError } from './errors.ts';
import {
  type LaunchTarget,
  type Recipe,
  type RecipeOptions,
  requireModel,
  requireUpstream,
  type Upstream,
} from './recipe.ts';
import { splitWords } from './shell-words.ts';

const placeholders = ['port', 'version', 'model', 'host', 'upstream'] as const;
type Placeholder = (typeof placeholders)[number];

// Two braces are somebody else's template (`docker --format '{{.ID}}'`).
const placeholder = /(?<!\{)\{([A-Za-z_]+)\}(?!\})/g;
const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/;

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((known) => known === name);
}

/**
 * Any server that one command starts: `docker run --rm -p {port}:8080 image:{version}`, `MODE=x ./start {port}`.
 *
 * The template is split into words first and filled in afterwards, so that no value can become a word, an option or a
 * shell command of its own. The same values are in `LASTCHUNK_PORT`, `_VERSION`, `_MODEL`, `_HOST` and `_UPSTREAM`.
 *
 * @throws LaunchError when the template cannot be read, has no `{port}`, or has a placeholder that does not exist.
 */
export function commandRecipe(
  product: string,
  { command: template, upstream, extraArgs = [] }: RecipeOptions,
): Recipe {
  if (template === undefined)
    throw new LaunchError(`${product} has no launch recipe: give one with --command`);
  const words = splitWords(template);
  const used = new Set([...template.matchAll(placeholder)].map((match) => match[1] ?? ''));
  for (const name of used) {
    if (isPlaceholder(name)) continue;
    const known = placeholders.map((one) => `{${one}}`).join(', ');
    throw new LaunchError(`the command has {${name}}, which is none of ${known}`);
  }
  if (!used.has('port') && !template.includes('LASTCHUNK_PORT'))
    throw new LaunchError('the command has no {port}: the server has to listen where it is told');

  if (used.has('upstream')) requireUpstream(product, upstream);

  const assignments = words.slice(0, leadingAssignments(words));
  const [program, ...args] = words.slice(assignments.length);
  if (program === undefined) throw new LaunchError('the command names no program');

  return {
    product,
    needsModel: used.has('model'),
    takesModelNames: true,
    readyPath: '/v1/models',
    listensOutside: true,
    ...(upstream === undefined ? {} : { servedModel: ({ servedModel }) => servedModel ?? upstream.model }),
    prepare: async (version) => ({ version, program, packages: {}, installedNow: false }),
    command({ version }, target) {
      const values = valuesFor(product, version, target, used.has('model'), upstream);
      const fill = (word: string) =>
        word.replace(placeholder, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));
      const env: Record<string, string> = {};
      for (const name of placeholders) env[`LASTCHUNK_${name.toUpperCase()}`] = values[name];
      for (const word of assignments) {
        const [, name, value] = assignment.exec(word) ?? [];
        if (name !== undefined && value !== undefined) env[name] = fill(value);
      }
      return { argv: [fill(program), ...args.map(fill), ...extraArgs], env };
    },
  };
}

function leadingAssignments(words: readonly string[]): number {
  const first = words.findIndex((word) => !assignment.test(word));
  return first === -1 ? words.length : first;
}

function valuesFor(
  product: string,
  version: string,
  { host, port, model }: LaunchTarget,
  needsModel: boolean,
  upstream: Upstream | undefined,
): Record<Placeholder, string> {
  return {
    port: String(port),
    version,
    host,
    model: needsModel ? requireModel(product, model) : (model ?? ''),
    upstream: upstream?.baseUrl.replace(/\/+$/, '') ?? '',
  };
}
