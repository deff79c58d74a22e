import {
  type Document,
  isAlias,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  type Node,
  parseDocument,
  type ScalarTag,
  type Tags,
} from 'yaml';
import { validationError } from '../errors';
import { isMap, type Value, type ValueMap } from './model';

/** Short forms that are no `Fn::` function. */
const plainTags: Readonly<Record<string, string>> = { '!Ref': 'Ref', '!Condition': 'Condition' };

/** YAML 1.1 habits of CloudFormation on the core schema: yes and no are booleans, a leading zero makes text. */
function templateTags(tags: Tags): Tags {
  return tags.map((tag): Tags[number] => {
    if (typeof tag !== 'object' || !('test' in tag)) {
      return tag;
    }
    if (tag.tag === 'tag:yaml.org,2002:int' && !tag.format) {
      return { ...tag, test: /^[-+]?(?:0|[1-9][0-9]*)$/ } as ScalarTag;
    }
    if (tag.tag === 'tag:yaml.org,2002:bool') {
      const truth = /^(?:true|yes|on)$/i;
      const words = /^(?:true|false|yes|no|on|off)$/i;
      return { ...tag, test: words, resolve: (text: string) => truth.test(text) } as ScalarTag;
    }
    return tag;
  });
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `(line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}

function parseJson(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    // CloudFormation points behind the character that it could not read.
    const where = place(text, position === undefined ? text.length : Number(position) + 1);
    throw validationError(`Template format error: JSON not well-formed. ${where}`);
  }
}

function parseBraced(text: string, loose: boolean): Value {
  try {
    return parseJson(text);
  } catch (error) {
    const document = loose ? parseDocument(text, { logLevel: 'silent' }) : undefined;
    if (document?.errors.length !== 0) {
      throw error;
    }
    return plainValue(document.contents as Node | null, document);
  }
}

function shortForm(tag: string, value: Value): Value {
  const name = plainTags[tag] ?? `Fn::${tag.slice(1)}`;
  if (name === 'Fn::GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { [name]: dot < 0 ? value : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [name]: value };
}

/** Keys are names, whatever they look like: `Yes` and `On` stay as they are. */
function keyText(key: Node | null, document: Document): string {
  return isScalar(key) && key.source !== undefined ? key.source : String(plainValue(key, document));
}

function mapOf(node: Node, document: Document): ValueMap {
  const result: ValueMap = {};
  if (isYamlMap(node)) {
    for (const pair of node.items) {
      result[keyText(pair.key as Node | null, document)] = plainValue(pair.value as Node | null, document);
    }
  }
  return result;
}

function bare(node: Node, document: Document): Value {
  if (isAlias(node)) {
    throw validationError('Template error: YAML aliases are not allowed in CloudFormation templates');
  }
  if (isSeq(node)) {
    return node.items.map((item) => plainValue(item as Node, document));
  }
  if (isScalar(node)) {
    return (node.value ?? null) as Value;
  }
  return mapOf(node, document);
}

function plainValue(node: Node | null | undefined, document: Document): Value {
  if (!node) {
    return null;
  }
  const value = bare(node, document);
  const tag = (node as { tag?: string }).tag;
  return tag?.startsWith('!') && tag !== '!' && !tag.startsWith('!!') ? shortForm(tag, value) : value;
}

function parseYaml(text: string): Value {
  const document = parseDocument(text, { schema: 'core', logLevel: 'silent', customTags: templateTags });
  const [problem] = document.errors;
  if (problem) {
    throw validationError(`Template format error: YAML not well-formed. ${place(text, problem.pos[0])}`);
  }
  return plainValue(document.contents as Node | null, document);
}

/**
 * A template's text, JSON or YAML with short-form functions, as plain values: `!Sub x` becomes `{ "Fn::Sub": "x" }`.
 *
 * @param loose takes text in braces that is YAML only: single quotes, commas too many
 * @throws ServiceError `ValidationError`
 */
export function parseTemplateText(text: string, loose = false): ValueMap {
  const value = /^\s*\{/.test(text) ? parseBraced(text, loose) : parseYaml(text);
  if (!isMap(value)) {
    throw validationError('Template format error: unsupported structure.');
  }
  return value;
}
