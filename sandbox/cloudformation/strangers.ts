import { setTimeout as pause } from 'node:timers/promises';
import type { CallContext, Caller, Handler } from '../core/service';
import { isStranger, unlessStranger } from '../core/strangers';
import type { World } from '../core/world';
import type { ChangeSet } from './changesets/model';
import { type Constraint, stackNameConstraint, stackNameOrIdConstraint } from './constraints';
import { text } from './resources/values';
import type { Stack, StackStore } from './stacks/state';
import type { StackSet } from './stacksets/model';
import type { StackSetStore } from './stacksets/state';
import type { Value } from './template/model';
import type { Reading } from './template/read';

/*
 * What callers get away with whose keys this world does not know (`anyKeyAccount`): suites of other projects, which
 * were written against stand-ins of CloudFormation and not against AWS. Nothing here holds for anybody else.
 */

const loose = /^[a-zA-Z0-9][-\w]*$/;
const looseOrId = new RegExp(`${loose.source}|${stackNameOrIdConstraint.pattern?.source}`);

/** What a stack's name may be: strangers may use underscores. */
export function newStackName(context: CallContext): Constraint {
  return isStranger(context) ? { ...stackNameConstraint, pattern: loose } : stackNameConstraint;
}

/** What names a stack that stands. */
export function knownStackName(context: CallContext): Constraint {
  return isStranger(context) ? { ...stackNameOrIdConstraint, pattern: looseOrId } : stackNameOrIdConstraint;
}

/**
 * The session of a role that cannot be taken on: the stranger as an administrator of the account, as though the
 * role were there. Anybody else gets the error.
 *
 * @throws the error
 */
export function insteadOfRole(world: World, caller: Caller | undefined, accountId: string, error: unknown): Caller {
  if (!caller || !isStranger({ caller, world }) || world.accounts.get(accountId)?.status !== 'ACTIVE') {
    throw error;
  }
  if (caller.accountId === accountId) {
    return caller;
  }
  const arn = `arn:${world.partition}:iam::${accountId}:root`;
  return { kind: 'root', accountId, arn, userId: accountId, accessKeyId: caller.accessKeyId };
}

const looseResource = /^[-\w]+$/;

/** How templates are read: strangers' names of resources and outputs may have hyphens and underscores, and much may be missing. */
export function readingFor(context: CallContext): Reading | undefined {
  return isStranger(context) ? { names: looseResource, loose: true } : undefined;
}

/** Strangers need not acknowledge what their templates make. @throws what the check throws, for anybody else */
export function acknowledged(context: CallContext, check: () => void): void {
  unlessStranger(context, check, undefined);
}

/** A bucket's name in a template: strangers' may have capitals, and the bucket has small letters. */
export function bucketName(context: { caller: Caller; world: World }, name: Value | undefined): string | undefined {
  return typeof name === 'string' && isStranger(context) ? name.toLowerCase() : text(name);
}

/** A change set by its name alone, which strangers need no stack for. */
export function namedAlone(
  context: CallContext,
  stacks: StackStore,
  name: string,
): { stack: Stack; changeSet: ChangeSet } | undefined {
  const all = isStranger(context) ? [...stacks.regions.at(context).byId.values()] : [];
  const found = all.flatMap((stack) =>
    [...stack.changeSets.values(), ...stack.executed.values()]
      .filter((changeSet) => changeSet.name === name)
      .map((changeSet) => ({ stack, changeSet })),
  );
  return found.at(-1);
}

function isBusy(stack: Stack): boolean {
  const pending = [...stack.changeSets.values()].some((one) => /PENDING|IN_PROGRESS/.test(one.status));
  return pending || (stack.status !== 'REVIEW_IN_PROGRESS' && stack.status.endsWith('IN_PROGRESS'));
}

function hasWork({ operations }: StackSet): boolean {
  return [...operations.values()].some(({ status }) => /RUNNING|QUEUED|STOPPING/.test(status));
}

function isBusyAt({ accountId, region }: CallContext, stacks: StackStore, sets: StackSetStore): boolean {
  const own = [...sets.all()].filter((set) => set.accountId === accountId && set.region === region);
  return [...stacks.regions.at({ accountId, region }).byId.values()].some(isBusy) || own.some(hasWork);
}

const changes = /^(Create|Update|Delete|Execute|Rollback|Continue|Cancel|Import|Detect)/;

/** Milliseconds after which an answer comes whether or not the work is over. */
const patience = 3000;

async function atRest(context: CallContext, stacks: StackStore, sets: StackSetStore): Promise<void> {
  const end = Date.now() + patience;
  do {
    await pause(2);
  } while (isBusyAt(context, stacks, sets) && Date.now() < end);
  // Messages about the work are on their way; what else goes on in the world is nothing to wait for.
  await Promise.race([context.world.idle(), pause(20)]);
}

/** Strangers get their answer when what they have begun is over, so that they need not ask again and again. */
export function answeredAtTheEnd(
  handlers: Readonly<Record<string, Handler>>,
  stacks: StackStore,
  sets: StackSetStore,
): Record<string, Handler> {
  const patient =
    (handler: Handler): Handler =>
    async (input, context) => {
      const answer = await handler(input, context);
      // What an operation itself asks for must not wait for its end.
      if (isStranger(context) && context.request !== undefined) {
        await atRest(context, stacks, sets);
      }
      return answer;
    };
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [name, changes.test(name) ? patient(handler) : handler]),
  );
}
