import type { Subject } from '../alert';
import { isRecord, text } from './read';

const mostParameters = 8;
const mostResources = 3;
const mostMembers = 20;
const deepest = 6;
const secret = /pass(word|phrase)|secret|token|assertion|credential|privatekey|authcode|signature/i;

/** The first scalar values in a call's parameters as `name=value, …`; whatever may be a secret is left out. */
export function requestParameters(parameters: unknown): string | undefined {
  const pairs: string[] = [];
  collect(parameters, '', deepest, pairs);
  const shown = pairs.slice(0, mostParameters);
  return shown.length === 0 ? undefined : shown.join(', ') + (pairs.length > shown.length ? ', …' : '');
}

function collect(value: unknown, path: string, depth: number, pairs: string[]): void {
  if (pairs.length > mostParameters || depth === 0) {
    return;
  }
  if (Array.isArray(value)) {
    for (const element of value.slice(0, mostParameters)) {
      collect(element, path, depth - 1, pairs);
    }
  } else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value).filter(([name]) => !secret.test(name))) {
      collect(member, name === 'items' || name === 'member' ? path : name, depth - 1, pairs);
    }
  } else if (['string', 'number', 'boolean'].includes(typeof value) && value !== '') {
    pairs.push(`${path}=${String(value).slice(0, 200)}`);
  }
}

/**
 * What a call was about: the parameters that by their names identify something (`bucketName`, `keyId`, `roleArn`), the
 * outermost first.
 */
export function requestResources(parameters: unknown): readonly Subject[] {
  return identified(parameters, deepest).slice(0, mostResources);
}

function identified(value: unknown, depth: number): readonly Subject[] {
  if (depth === 0 || (!isRecord(value) && !Array.isArray(value))) {
    return [];
  }
  const members = Object.entries(value)
    .filter(([name]) => !secret.test(name))
    .slice(0, mostMembers);
  const own = members.flatMap(([name]): readonly Subject[] => {
    const kind =
      /^(.*?)_?(Name|Id|ID|Arn|ARN|Identifier)$/.exec(name)?.[1] ?? (name === 'name' ? 'resource' : undefined);
    const found = kind === undefined ? undefined : text(value, name);
    return kind === undefined || found === undefined ? [] : [{ kind: lowered(kind) || name, name: found, facts: [] }];
  });
  return [...own, ...members.flatMap(([, member]) => identified(member, depth - 1))];
}

function lowered(kind: string): string {
  return kind.charAt(0).toLowerCase() + kind.slice(1);
}
