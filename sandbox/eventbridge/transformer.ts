import type { Target } from '@aws-sdk/client-eventbridge';
import { atPath } from '../common/jsonPath';
import type { BusRecord } from './state';

/** What the reserved variables of an input template name. */
export interface RuleNames {
  readonly arn: string;
  readonly name: string;
  readonly ingestionTime: string;
}

/** A template that did not become what it has to be. */
export class TransformError extends Error {
  override readonly name = 'TransformError';
}

function variables(target: Target, event: BusRecord, rule: RuleNames): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, path] of Object.entries(target.InputTransformer?.InputPathsMap ?? {})) {
    values.set(name, atPath(event, path));
  }
  const { detail: _detail, ...envelope } = event;
  values.set('aws.events.rule-arn', rule.arn);
  values.set('aws.events.rule-name', rule.name);
  values.set('aws.events.event.ingestion-time', rule.ingestionTime);
  values.set('aws.events.event', envelope);
  values.set('aws.events.event.json', event);
  return values;
}

/** Inside quotes a string stands without its own, and objects lose theirs so that the string stays one. */
function insideString(value: unknown): string {
  if (value === undefined) {
    return '';
  }
  const text = JSON.stringify(value);
  return typeof value === 'string' ? text.slice(1, -1) : text.replaceAll(/\\?"/g, '');
}

function outsideString(value: unknown): string {
  return value === undefined ? '""' : JSON.stringify(value);
}

/** Puts values in the place of `<variables>`, minding whether each stands inside a string. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let output = '';
  let inString = false;
  for (let index = 0; index < template.length; ) {
    const character = template[index] ?? '';
    const [placeholder, name] =
      character === '<' ? (/^<([\w.-]+)>/.exec(template.slice(index, index + 300)) ?? []) : [];
    if (placeholder && name) {
      const value = values.get(name);
      output += inString ? insideString(value) : outsideString(value);
      index += placeholder.length;
      continue;
    }
    if (character === '\\') {
      output += template.slice(index, index + 2);
      index += 2;
      continue;
    }
    if (character === '"') {
      inString = !inString;
    }
    output += character;
    index += 1;
  }
  return output;
}

/**
 * The text that a target receives: the event, a part of it, a constant or a filled template.
 *
 * @throws TransformError when a JSON template becomes something that is not JSON
 */
export function targetInput(target: Target, event: BusRecord, rule: RuleNames): string {
  if (target.Input !== undefined) {
    return target.Input;
  }
  if (target.InputPath !== undefined) {
    const value = atPath(event, target.InputPath);
    return value === undefined ? '{}' : JSON.stringify(value);
  }
  if (!target.InputTransformer) {
    return JSON.stringify(event);
  }
  const filled = fill(target.InputTransformer.InputTemplate ?? '', variables(target, event, rule));
  if (!/^\s*[{[]/.test(filled)) {
    return filled;
  }
  try {
    return JSON.stringify(JSON.parse(filled));
  } catch (error) {
    throw new TransformError('The filled input template is not valid JSON.', { cause: error });
  }
}
