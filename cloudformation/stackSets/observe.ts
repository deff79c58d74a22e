import {
  type CloudFormationClient,
  DescribeStackInstanceCommand,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
  ListStackSetOperationsCommand,
  type StackInstanceSummary,
  type StackSetOperationSummary,
} from '@aws-sdk/client-cloudformation';
import pMap from 'p-map';
import type { Cell } from '../../organization/accounts';
import { digestOf, isProven, lastOperation } from './marks';
import { keyOf } from './plan';
import type { ObservedInstance, ObservedStackSet } from './types';

const underWay = new Set(['RUNNING', 'QUEUED', 'STOPPING']);

/**
 * What stands of a stack set: reads only. Where its history proves that instances stand in the `expected` cells and
 * nowhere else, they are not listed: three calls become two, however many there are.
 */
export async function observeStackSet(
  stackSet: string,
  client: CloudFormationClient,
  expected?: readonly Cell[],
): Promise<ObservedStackSet> {
  if (!(await stackSetExists(stackSet, client))) {
    return { stackSet, exists: false, running: [], instances: [] };
  }
  const { running, newest } = await operationsOf(stackSet, client);
  const isKnown = expected !== undefined && running.length === 0 && isProven(digestOf(expected), newest);
  const instances = isKnown ? expected.map(current) : await listInstances(stackSet, client);
  return { stackSet, exists: true, running, instances, proven: isKnown, lastOperation: lastOperation(newest) };
}

function current({ accountId, region }: Cell): ObservedInstance {
  return { accountId, region, status: 'CURRENT', detailedStatus: 'SUCCEEDED' };
}

/**
 * Adds the parameter values that instances override: one call for each cell, so only where the configuration has
 * overrides at all.
 */
export async function withOverrides(
  observed: ObservedStackSet,
  client: CloudFormationClient,
  concurrency = 16,
): Promise<ObservedStackSet> {
  const entries = await pMap(
    observed.instances,
    async (instance) => [keyOf(instance), await overridesOf(observed.stackSet, instance, client)] as const,
    { concurrency },
  );
  return { ...observed, overrides: Object.fromEntries(entries) };
}

/** Ids of the operations that are under way, oldest first. */
export async function runningOperations(stackSet: string, client: CloudFormationClient): Promise<string[]> {
  return (await operationsOf(stackSet, client)).running;
}

/** Ids of those under way, oldest first; and the newest ones, newest first, as far as they had to be read. */
async function operationsOf(stackSet: string, client: CloudFormationClient) {
  const ids: string[] = [];
  const newest: StackSetOperationSummary[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new ListStackSetOperationsCommand({ StackSetName: stackSet, NextToken: token }));
    const found = (page.Summaries ?? []).filter(({ Status }) => underWay.has(Status ?? ''));
    newest.push(...(page.Summaries ?? []));
    ids.push(...found.map(({ OperationId }) => OperationId as string));
    // Newest first: a page without any under way has only older ones behind it.
    token = found.length > 0 ? page.NextToken : undefined;
  } while (token !== undefined);
  return { running: ids.reverse(), newest };
}

async function stackSetExists(stackSet: string, client: CloudFormationClient): Promise<boolean> {
  try {
    const answer = await client.send(new DescribeStackSetCommand({ StackSetName: stackSet }));
    return answer.StackSet?.Status !== 'DELETED';
  } catch (error) {
    if ((error as Error).name === 'StackSetNotFoundException') {
      return false;
    }
    throw error;
  }
}

async function listInstances(stackSet: string, client: CloudFormationClient): Promise<ObservedInstance[]> {
  const instances: ObservedInstance[] = [];
  const texts = new Map<string, string>();
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListStackInstancesCommand({ StackSetName: stackSet, NextToken: token, MaxResults: 100 }),
    );
    instances.push(...(page.Summaries ?? []).map((summary) => toInstance(summary, texts)));
    token = page.NextToken;
  } while (token !== undefined);
  return instances;
}

/** Thousands of accounts in thirty regions are 150,000 instances: of their texts there is one each, in `texts`. */
function toInstance(summary: StackInstanceSummary, texts: Map<string, string>): ObservedInstance {
  const one = (text: string): string => {
    const known = texts.get(text) ?? text;
    texts.set(known, known);
    return known;
  };
  const detailed = summary.StackInstanceStatus?.DetailedStatus;
  const instance = {
    accountId: one(summary.Account ?? ''),
    region: one(summary.Region ?? ''),
    status: one(summary.Status ?? 'OUTDATED'),
    detailedStatus: detailed && one(detailed),
  };
  const { StatusReason: reason, StackId: stackId } = summary;
  return instance.status === 'CURRENT' && reason === undefined ? instance : { ...instance, reason, stackId };
}

async function overridesOf(
  stackSet: string,
  { accountId, region }: Cell,
  client: CloudFormationClient,
): Promise<Record<string, string>> {
  const answer = await client.send(
    new DescribeStackInstanceCommand({
      StackSetName: stackSet,
      StackInstanceAccount: accountId,
      StackInstanceRegion: region,
    }),
  );
  const overrides = answer.StackInstance?.ParameterOverrides ?? [];
  return Object.fromEntries(overrides.map((entry) => [entry.ParameterKey ?? '', entry.ParameterValue ?? '']));
}
