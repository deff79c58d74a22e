import { type Document, isNode, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import type { z } from 'zod';
import { GarrisonError, GarrisonErrors } from '../errors';
import { readTextFile } from '../files';
import { nearest, quoted } from '../text';
import { type Config, configSchema } from './root';

/**
 * Reads and checks `garrison.yaml`.
 *
 * @throws GarrisonErrors with every problem, each with line and path
 * @throws GarrisonError when the file cannot be read
 */
export function loadConfig(file: string): Config {
  return parseConfig(readTextFile(file, 'the configuration (--config)'), file);
}

/** Checks the text of a `garrison.yaml`; `file` is its name for messages. Throws as `loadConfig` does. */
export function parseConfig(text: string, file = 'garrison.yaml'): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new GarrisonErrors(document.errors.map((error) => syntaxProblem(error, file)));
  }
  keepAccountIds(document);
  const parsed = configSchema.safeParse(valuesOf(document, file) ?? {});
  if (!parsed.success) {
    const found = parsed.error.issues.flatMap((issue) => problems(issue, { document, lines, file }));
    throw new GarrisonErrors(found.sort((one, other) => (one.place.line ?? 0) - (other.place.line ?? 0)));
  }
  sources.set(parsed.data, { document, lines, file });
  return parsed.data;
}

/** Where a configuration was read from, for problems that show only beside other files. */
const sources = new WeakMap<Config, Source>();

/** A problem of a configuration that its own schema could not see, with the line of `path`. */
export function configProblem(
  config: Config,
  path: readonly PropertyKey[],
  text: string,
  remedy: string,
): GarrisonError {
  const source = sources.get(config);
  return source
    ? problem('config.value', path, text, remedy, source)
    : new GarrisonError('config.value', `${path.map(String).join('.')} ${text}`, remedy);
}

/** Aliases are followed only now: one that leads nowhere, or into thousands of copies, shows here. */
function valuesOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new GarrisonErrors([
      new GarrisonError('config.syntax', `${file}:1:1: ${what}`, 'Mend the YAML.', { file, line: 1 }, { cause }),
    ]);
  }
}

/** An account id without quotes is a number to YAML: its text is what was meant, leading zeros and all. */
function keepAccountIds(document: Document): void {
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'number' && /^\d{12}$/.test(node.source ?? '')) {
        node.value = node.source;
      }
    },
  });
}

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly file: string;
}

function syntaxProblem(error: YAMLError, file: string): GarrisonError {
  const position = error.linePos?.[0];
  const where = position ? `${file}:${position.line}:${position.col}` : file;
  const [what] = error.message.split(' at line ');
  return new GarrisonError('config.syntax', `${where}: ${what}`, 'Mend the YAML.', { file, line: position?.line });
}

/** An issue of the schema, in our words: one problem for each unknown key. */
function problems(issue: z.core.$ZodIssue, source: Source): GarrisonError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, source));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const deepest = [...issue.errors].sort((one, other) => depth(other) - depth(one))[0] ?? [];
    return deepest.flatMap((inner) =>
      problems({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, source),
    );
  }
  const value = source.document.getIn(issue.path);
  const missing = value === undefined;
  const text = missing ? 'is missing' : `${shown(plain(value), issue.path)} ${wording(issue)}`;
  const remedy = text.startsWith(secret)
    ? 'Secrets have no place here: name where it lies (garrison.schema.json), and give it to `garrison secret set`.'
    : 'garrison.schema.json describes every member.';
  return [problem(missing ? 'config.missing' : 'config.value', issue.path, text, remedy, source)];
}

const secret = '(a secret, not shown)';

/** A value as a problem quotes it. Where a secret's reference belongs, the secret itself may stand by mistake. */
function shown(value: unknown, path: readonly PropertyKey[]): string {
  if (typeof value !== 'string') {
    return quoted(value);
  }
  const key = String(path.at(-1));
  const reference = /^(webhook|botToken|routingKey|signingKey|url)$/.test(key);
  const pasted = /^xox[a-z]-|^https?:\/\/hooks\./.test(value) || (/parameter$/i.test(key) && value.includes('://'));
  return reference || pasted ? secret : quoted(value);
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function wording(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `is not ${article(issue.expected)}`;
    case 'invalid_value':
      return `is not one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `is too small: at least ${issue.minimum}`;
    case 'too_big':
      return `is too big: at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    int: 'a whole number',
    record: 'a mapping',
    object: 'a mapping',
    array: 'a list',
    string: 'text: put it in quotes',
  };
  return names[type] ?? `a ${type}`;
}

function unknownKey(key: string, path: readonly PropertyKey[], source: Source): GarrisonError {
  const known = knownKeys(path);
  const near = nearest(key, known);
  const remedy = near ? `Did you mean ${near}?` : `Known here: ${known.join(', ') || 'see garrison.schema.json'}.`;
  return problem('config.unknown', [...path, key], 'is not known', remedy, source);
}

/** Keys that the schema knows at a path, so that a misspelt one can be named. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configSchema;
  for (const key of path) {
    const shape = shapeOf(schema);
    schema = typeof key === 'number' ? elementOf(schema) : shape?.[String(key)];
  }
  return Object.keys(shapeOf(schema) ?? {});
}

function unwrapped(schema: unknown): Record<string, unknown> | undefined {
  const definition = (schema as { def?: Record<string, unknown> } | undefined)?.def;
  const inner = definition?.innerType ?? definition?.in;
  return inner ? unwrapped(inner) : definition;
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  return unwrapped(schema)?.shape as Record<string, unknown> | undefined;
}

function elementOf(schema: unknown): unknown {
  return unwrapped(schema)?.element;
}

function plain(value: unknown): unknown {
  return isNode(value) ? value.toJSON() : value;
}

function problem(
  code: string,
  path: readonly PropertyKey[],
  text: string,
  remedy: string,
  source: Source,
): GarrisonError {
  const position = positionOf(path, source);
  const name = path.map(String).join('.') || 'the file';
  return new GarrisonError(code, `${source.file}:${position.line}:${position.col}: ${name} ${text}`, remedy, {
    file: source.file,
    line: position.line,
  });
}

/** Where a path stands in the file; where its nearest existing parent stands when it is missing. */
function positionOf(path: readonly PropertyKey[], { document, lines }: Source): { line: number; col: number } {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = isNode(node) ? node.range : undefined;
    if (range) {
      return lines.linePos(range[0]);
    }
  }
  return { line: 1, col: 1 };
}
