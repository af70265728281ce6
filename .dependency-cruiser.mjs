// Which folder of src/ may import which: each imports only from those below it in this list. docs/architecture.md says why.
const folders = [
  'cli',
  'commands',
  'reporters',
  'proxy',
  'ledger',
  'run',
  'recordings',
  'config',
  'matrix',
  'judge',
  'client',
  'watch',
  'checks',
  'references',
  'scenarios',
  'products',
  'launch',
  'wire',
  'apis',
  'tokenizer',
  'text',
  'model',
];
const within = (names) => `^src/(${names.join('|')})/`;

/** Folders that may import less than what stands below them. */
const narrower = { apis: ['text', 'model'], tokenizer: ['text'] };

const arrows = folders.map((folder, index) => ({
  name: `what-${folder}-imports`,
  comment: `${folder}/ imports only from the folders below it (docs/architecture.md)`,
  severity: 'error',
  from: { path: within([folder]) },
  to: { path: '^src/', pathNot: within([folder, ...(narrower[folder] ?? folders.slice(index + 1))]) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrows,
    {
      name: 'no-circle',
      comment: 'Files that import each other, be it for a type, cannot be read one by one',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'known-folder',
      comment: 'Each file of src/ is in a folder of the list, but for the entry of the library',
      severity: 'error',
      from: { path: '^src/', pathNot: [within(folders), '^src/index\\.ts$'] },
      to: {},
    },
    {
      name: 'entry-is-not-imported',
      comment: 'src/index.ts is for other programs',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'only-src',
      comment: 'What is published needs nothing of what is not',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|fuzz|scripts)/' },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere is not judged by the other rules',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
