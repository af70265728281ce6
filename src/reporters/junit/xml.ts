/** The elements of a JUnit file. Texts are expected to be harmless: what XML cannot hold is already a visible escape. */

export interface TestCase {
  readonly name: string;
  readonly classname: string;
  /** `passed` may carry words in `text`. */
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

export interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly properties: ReadonlyArray<readonly [name: string, value: string]>;
  readonly cases: readonly TestCase[];
}

/** The whole file. */
export function junitXml(
  suites: readonly Suite[],
  run: { readonly seconds: number; readonly startedAt: string },
): string {
  // Jenkins' schema knows no `skipped` here; it stands with each suite.
  const { skipped: _skipped, ...rootCounts } = counts(suites.flatMap((suite) => suite.cases));
  const root = attributes({ name: 'lastchunk', ...rootCounts, time: run.seconds });
  const body = suites.map((suite) => suiteXml(suite, run.startedAt)).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${root}>\n${body}\n</testsuites>\n`;
}

function suiteXml(suite: Suite, startedAt: string): string {
  const head = attributes({
    name: suite.name,
    ...counts(suite.cases),
    time: suite.seconds,
    timestamp: startedAt.replace(/\..*$|Z$/, ''),
  });
  const properties = suite.properties.map(
    ([name, value]) => `      <property${attributes({ name, value })}/>`,
  );
  return [
    `  <testsuite${head}>`,
    ...(properties.length > 0 ? ['    <properties>', ...properties, '    </properties>'] : []),
    ...suite.cases.map(caseXml),
    '  </testsuite>',
  ].join('\n');
}

function caseXml({ name, classname, outcome, type, message, text }: TestCase): string {
  const open = `    <testcase${attributes({ classname, name, time: 0 })}`;
  if (outcome === 'passed')
    return text ? `${open}><system-out>${xmlText(text)}</system-out></testcase>` : `${open}/>`;
  const said = attributes(outcome === 'skipped' ? { message } : { message, type });
  return `${open}><${outcome}${said}>${xmlText(text)}</${outcome}></testcase>`;
}

function counts(cases: readonly TestCase[]) {
  const of = (outcome: TestCase['outcome']) =>
    cases.filter((testCase) => testCase.outcome === outcome).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function xmlText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
