import { randomBytes, randomUUID } from 'node:crypto';
import type { Caller } from '../../core/service';
import type { World } from '../../core/world';
import type { Stack } from '../stacks/state';
import type { Value } from '../template/model';
import type { ResourceContext, Tag, TagChanges } from './provider';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function randomName(length: number): string {
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');
}

/** Long parts are cut so that the random end always fits. */
function generateName(stackName: string, logicalId: string, maximum: number): string {
  const end = `-${randomName(12)}`;
  const room = maximum - end.length;
  const whole = `${stackName}-${logicalId}`;
  if (whole.length <= room) {
    return whole + end;
  }
  const half = Math.floor((room - 1) / 2);
  const last = logicalId.slice(0, Math.max(half, room - 1 - stackName.length));
  return `${stackName.slice(0, room - 1 - last.length)}-${last}${end}`;
}

/** Tags in list or map form. */
export function tagPairs(own: Value | undefined): [string, string][] {
  if (Array.isArray(own)) {
    return own.map((each) => {
      const { Key = '', Value: value = '' } = each as Record<string, string>;
      return [Key, value];
    });
  }
  return own && typeof own === 'object' ? Object.entries(own).map(([key, value]) => [key, String(value)]) : [];
}

function tagChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): TagChanges {
  const set = [...after].filter(([key, value]) => before.get(key) !== value);
  return {
    set: set.map(([Key, value]) => ({ Key, Value: value })),
    remove: [...before.keys()].filter((key) => !after.has(key)),
  };
}

/** What a provider gets for one resource of a stack. `caller` is the stack's caller or the session of its role. */
export function resourceContext(
  world: World,
  stack: Stack,
  logicalId: string,
  type: string,
  caller: Caller,
): ResourceContext {
  const { accountId, region } = stack;
  const stackTags = stack.current?.tags ?? new Map<string, string>();
  const tagsBefore = stack.previous?.tags ?? stackTags;
  const as = { caller, region, accountId, via: 'cloudformation.amazonaws.com' };
  return {
    world,
    caller,
    accountId,
    region,
    partition: world.partition,
    stackId: stack.id,
    stackName: stack.name,
    logicalId,
    type,
    requestToken: randomUUID(),
    call: (service, operation, input) => world.call(service, operation, input, as),
    ask: (service, operation, input) => world.ask(service, operation, input, as),
    generateName: (maximum) => generateName(stack.name, logicalId, maximum),
    tags: (own): Tag[] => [...new Map([...stackTags, ...tagPairs(own)])].map(([Key, value]) => ({ Key, Value: value })),
    tagChanges: (before, after) =>
      tagChanges(new Map([...tagsBefore, ...tagPairs(before)]), new Map([...stackTags, ...tagPairs(after)])),
    arn: (service, resource) => `arn:${world.partition}:${service}:${region}:${accountId}:${resource}`,
  };
}
