import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

const root = join(__dirname, '..');

/** docs/architecture.md, "Folders, ground floor first": what a folder may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  organization: [],
  patterns: [],
  detections: ['patterns'],
  roles: ['organization'],
  notifier: [],
  guardduty: ['organization'],
  guardrails: ['organization', 'detections'],
  cloudformation: ['organization'],
  responders: ['organization', 'notifier'],
  attestation: ['organization', 'notifier'],
  stacks: ['roles', 'detections', 'organization', 'notifier', 'responders', 'attestation'],
  sandbox: ['patterns'],
  scripts: [
    'organization',
    'patterns',
    'detections',
    'roles',
    'notifier',
    'guardduty',
    'attestation',
    'guardrails',
    'cloudformation',
    'responders',
    'stacks',
    'sandbox',
  ],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const allFiles = new Set(Object.keys(mayImport).flatMap(sourceFiles));
const imports = Object.keys(mayImport).flatMap((folder) => sourceFiles(folder).flatMap(valueImports));

test('a folder imports only from the folders that docs/architecture.md allows', () => {
  const forbidden = imports.filter(({ from, to }) => {
    const [source, target] = [folderOf(from), folderOf(to)];
    return source !== target && !mayImport[source]?.includes(target);
  });
  expect(forbidden).toEqual([]);
});

test('no file imports itself, by whatever way round', () => {
  const graph = new Map<string, string[]>();
  for (const { from, to } of imports) {
    graph.set(from, [...(graph.get(from) ?? []), to]);
  }
  expect([...graph.keys()].map((file) => cycleThrough(file, graph)).filter(Boolean)).toEqual([]);
});

test('only scripts/ writes to the console or sets exit codes', () => {
  const loud = Object.keys(mayImport)
    .filter((folder) => folder !== 'scripts')
    .flatMap(sourceFiles)
    // The local organization runs functions in child processes of their own, whose output is their log.
    .filter((file) =>
      /\bconsole\.(log|error|warn|info|debug)\b|process\.exit|process\.stdout/.test(
        withoutStrings(readFileSync(join(root, file), 'utf8')),
      ),
    );
  expect(loud.filter((file) => !allowedToSpeak.test(file))).toEqual([]);
});

// A Lambda function's console is its log; the CDK app is a program of its own.
const allowedToSpeak =
  /^(notifier\/(log|logging)\.ts|detections\/logFile\/log\.ts|stacks\/app\.ts|sandbox\/lambda\/.*)$/;

function sourceFiles(folder: string): string[] {
  if (!existsSync(join(root, folder))) {
    return [];
  }
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

function folderOf(file: string): string {
  return file.split(sep)[0] as string;
}

function withoutStrings(text: string): string {
  return text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '').replace(/`[^`]*`|'[^'\n]*'/g, "''");
}

/** Imports that remain at run time; `import type` may cross any border. */
function valueImports(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [
    ...text.matchAll(/^(?:import|export)\s+(?!type\b)[^'";]*?from\s+['"](\.[^'"]+)['"]/gm),
    ...text.matchAll(/^import\s+['"](\.[^'"]+)['"]/gm),
    ...text.matchAll(/\b(?:import|require)\(\s*['"](\.[^'"]+)['"]\s*\)/g),
  ];
  return found
    .map(([, specifier]) => resolve(file, specifier as string))
    .filter((to): to is string => to !== undefined)
    .map((to) => ({ from: file, to }));
}

function resolve(file: string, specifier: string): string | undefined {
  const base = normalize(join(dirname(file), specifier));
  return [`${base}.ts`, join(base, 'index.ts')].find((candidate) => allFiles.has(candidate));
}

function cycleThrough(start: string, graph: ReadonlyMap<string, readonly string[]>): string | undefined {
  const seen = new Set<string>();
  const waiting = [...(graph.get(start) ?? [])];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (file === start) {
      return start;
    }
    if (!seen.has(file)) {
      seen.add(file);
      waiting.push(...(graph.get(file) ?? []));
    }
  }
  return undefined;
}
