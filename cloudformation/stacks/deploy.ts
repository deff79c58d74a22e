import { randomUUID } from 'node:crypto';
import {
  CloudFormationServiceException,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  ExecuteChangeSetCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { poll } from '../poll';
import { remedyFor } from '../remedies';
import { placeOf, type StackTarget } from '../target';
import { followStack, settle } from './follow';
import { describeStack, isMissing, observeStack, outputsOf } from './observe';
import { mustBeDeleted, planStack } from './plan';
import type { StackInput, StackOutcome } from './types';

/** CloudFormation's limit for a template inside a request, in bytes. */
const inlineLimit = 51_200;
const noChanges = /didn't contain changes|No updates are to be performed/i;

/**
 * Brings a stack to what it is to be, through a change set. Can be killed at any moment and run again: it waits for
 * what is under way, and clears away what a failed first creation left.
 *
 * @throws GarrisonError `stack.failed` with the first failing resource's reason, `stack.stuck`, `stack.refused`
 */
export async function deployStack(input: StackInput, target: StackTarget, host: Host): Promise<StackOutcome> {
  try {
    return await deploy(input, target, host);
  } catch (error) {
    throw asRefusal(error, input.stackName, target);
  }
}

async function deploy(input: StackInput, target: StackTarget, host: Host): Promise<StackOutcome> {
  const standing = await settle(input.stackName, target, host);
  if (standing && mustBeDeleted(standing.StackStatus ?? '')) {
    await deleteStack(input.stackName, target, host);
  } else if (standing && (await isUpToDate(input, target))) {
    return outcome(input, target, 'unchanged', standing);
  }
  const creates =
    !standing || mustBeDeleted(standing.StackStatus ?? '') || standing.StackStatus === 'REVIEW_IN_PROGRESS';
  const since = new Date();
  const changeSet = await createChangeSet(input, target, creates);
  if (changeSet === undefined) {
    return outcome(input, target, 'unchanged', standing);
  }
  await target.client.send(
    new ExecuteChangeSetCommand({
      StackName: input.stackName,
      ChangeSetName: changeSet,
      ClientRequestToken: randomUUID(),
    }),
  );
  const stack = await followStack(input.stackName, { since, target, host });
  return outcome(input, target, creates ? 'created' : 'updated', stack);
}

/**
 * Deletes a stack and waits until it is gone. One that is not there is no error.
 *
 * @throws GarrisonError `stack.failed`
 */
export async function deleteStack(stackName: string, target: StackTarget, host: Host): Promise<void> {
  const stack = await describeStack(stackName, target);
  if (stack === undefined) {
    return;
  }
  const since = new Date();
  await target.client.send(new DeleteStackCommand({ StackName: stackName }));
  // By its id: a deleted stack no longer answers to its name.
  await followStack(stack.StackId ?? stackName, { since, target, host, deleting: true });
}

async function isUpToDate(input: StackInput, target: StackTarget): Promise<boolean> {
  const observed = await observeStack(input.stackName, target);
  return planStack(input, observed, target).action === 'none';
}

function outcome(
  { stackName }: StackInput,
  { accountId, region }: StackTarget,
  what: StackOutcome['outcome'],
  stack: Stack | undefined,
): StackOutcome {
  return { accountId, region, stackName, outcome: what, outputs: stack ? outputsOf(stack) : {} };
}

/** Creates a change set and waits until it can be executed. `undefined` when it would change nothing. */
async function createChangeSet(input: StackInput, target: StackTarget, creates: boolean): Promise<string | undefined> {
  const name = `garrison-${randomUUID()}`;
  const answer = await target.client.send(
    new CreateChangeSetCommand({
      StackName: input.stackName,
      ChangeSetName: name,
      // An answer that is lost is asked for again: that makes no second change set, and executes none twice.
      ClientToken: name,
      ChangeSetType: creates ? 'CREATE' : 'UPDATE',
      ...templateOf(input, target),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: Object.entries(input.parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: Object.entries(input.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  const id = answer.Id as string;
  const done = await poll(() => settledChangeSet(id, target));
  if (done?.Status === 'CREATE_COMPLETE') {
    return id;
  }
  await target.client.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
  if (noChanges.test(done?.StatusReason ?? '')) {
    return undefined;
  }
  const reason = done?.StatusReason ?? 'CloudFormation did not finish the change set within an hour';
  throw refusal(reason, input.stackName, target);
}

/** What the service says when it refuses a call, with where it happened. */
function asRefusal(error: unknown, stackName: string, target: StackTarget): unknown {
  return error instanceof CloudFormationServiceException
    ? refusal(`${error.message} (${error.name})`, stackName, target, error)
    : error;
}

function refusal(reason: string, stackName: string, target: StackTarget, cause?: unknown): GarrisonError {
  return new GarrisonError(
    'stack.refused',
    `Stack ${stackName} in account ${target.accountId}, ${target.region}: ${reason}`,
    remedyFor(reason) ?? 'Mend the cause and run the command again.',
    placeOf(target, 'cloudformation:CreateChangeSet'),
    { cause },
  );
}

async function settledChangeSet(
  id: string,
  { client }: StackTarget,
): Promise<DescribeChangeSetCommandOutput | undefined> {
  try {
    const answer = await client.send(new DescribeChangeSetCommand({ ChangeSetName: id }));
    return answer.Status?.endsWith('_COMPLETE') || answer.Status === 'FAILED' ? answer : undefined;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

function templateOf(input: StackInput, target: StackTarget): { TemplateBody: string } | { TemplateURL: string } {
  if (Buffer.byteLength(input.templateBody) <= inlineLimit) {
    return { TemplateBody: input.templateBody };
  }
  if (input.templateUrl === undefined) {
    throw new GarrisonError(
      'stack.large',
      `The template of ${input.stackName} is larger than the ${inlineLimit} bytes that go inline`,
      'Publish it to the assets bucket and give its address.',
      placeOf(target),
    );
  }
  return { TemplateURL: input.templateUrl };
}
