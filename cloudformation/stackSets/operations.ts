import {
  type CloudFormationClient,
  CreateStackInstancesCommand,
  DeleteStackInstancesCommand,
  DescribeStackSetOperationCommand,
  ListStackSetOperationResultsCommand,
  type StackSetOperation,
  type StackSetOperationPreferences,
  type StackSetOperationResultSummary,
  UpdateStackInstancesCommand,
} from '@aws-sdk/client-cloudformation';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { poll } from '../poll';
import { runningOperations } from './observe';
import type { OperationPlan, OperationPreferences } from './types';

const finished = new Set(['SUCCEEDED', 'FAILED', 'STOPPED']);

/** Another operation, not managed execution's to queue, is in the way; or CloudFormation is busy with the stack set. */
const inTheWay = new Set(['OperationInProgressException', 'StaleRequestException']);

/** A stack set, seen by its owner. */
export interface StackSetHandle {
  readonly stackSet: string;
  readonly client: CloudFormationClient;
  readonly host: Host;
}

/** Begins an operation under an id; waits first for one that is in the way. */
export async function begin(
  operation: OperationPlan,
  id: string,
  handle: StackSetHandle,
  preferences: OperationPreferences,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await send(operation, id, handle, preferences);
      return;
    } catch (error) {
      if (!inTheWay.has((error as Error).name) || attempt === 5) {
        throw error;
      }
      await waitForRunning(handle);
    }
  }
}

/** Waits for everything that is under way on a stack set: another run's work, or that of one that was killed. */
export async function waitForRunning(handle: StackSetHandle): Promise<void> {
  for (const id of await runningOperations(handle.stackSet, handle.client)) {
    handle.host.emit({
      code: 'stackset.operation.waiting',
      level: 'info',
      text: `Stack set ${handle.stackSet}: an operation is under way already; waiting for it`,
      data: { stackSet: handle.stackSet, operationId: id },
    });
    await follow(id, handle);
  }
}

/**
 * Follows an operation to its end, telling the host how far it is.
 *
 * @throws GarrisonError `stackset.timeout`
 */
export async function follow(id: string, handle: StackSetHandle): Promise<StackSetOperation> {
  const tell = progressTeller(id, handle);
  const operation = await poll(async () => {
    const { StackSetOperation: now } = await handle.client.send(
      new DescribeStackSetOperationCommand({ StackSetName: handle.stackSet, OperationId: id }),
    );
    const done = finished.has(now?.Status ?? '');
    await tell(now, done);
    return done ? now : undefined;
  });
  if (operation === undefined) {
    throw new GarrisonError(
      'stackset.timeout',
      `Operation ${id} on stack set ${handle.stackSet} was still running after an hour`,
      'Run the command again to go on waiting.',
      { operation: 'cloudformation:DescribeStackSetOperation' },
    );
  }
  return operation;
}

/** Thousands of results take many pages: then they are listed less often, for a tenth of the time at most. */
function progressTeller(id: string, handle: StackSetHandle) {
  let told = '';
  let next = 0;
  return async (operation: StackSetOperation | undefined, done: boolean): Promise<void> => {
    const started = Date.now();
    if (started < next && !done) {
      return;
    }
    const line = await progress(id, handle, operation);
    next = Date.now() + 9 * (Date.now() - started);
    if (line.text !== told) {
      told = line.text;
      handle.host.emit({ code: 'stackset.operation.progress', level: 'info', ...line });
    }
  };
}

/** What an operation did in each account and region. */
export async function results(id: string, handle: StackSetHandle): Promise<StackSetOperationResultSummary[]> {
  const found: StackSetOperationResultSummary[] = [];
  let token: string | undefined;
  do {
    const page = await handle.client.send(
      new ListStackSetOperationResultsCommand({
        StackSetName: handle.stackSet,
        OperationId: id,
        NextToken: token,
        MaxResults: 100,
      }),
    );
    found.push(...(page.Summaries ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

async function progress(id: string, handle: StackSetHandle, operation: StackSetOperation | undefined) {
  const all = await results(id, handle);
  const count = (status: string) => all.filter((result) => result.Status === status).length;
  const [succeeded, failed] = [count('SUCCEEDED'), count('FAILED')];
  return {
    text: `Stack set ${handle.stackSet}: ${succeeded} of ${all.length} done${failed > 0 ? `, ${failed} failed` : ''}`,
    data: {
      stackSet: handle.stackSet,
      operationId: id,
      status: operation?.Status,
      total: all.length,
      succeeded,
      failed,
      running: count('RUNNING'),
    },
  };
}

async function send(
  operation: OperationPlan,
  OperationId: string,
  { stackSet, client }: StackSetHandle,
  preferences: OperationPreferences,
): Promise<void> {
  const input = {
    StackSetName: stackSet,
    OperationId,
    Accounts: [...operation.accountIds],
    Regions: [...operation.regions],
    OperationPreferences: toPreferences(preferences, operation.regions),
  };
  const ParameterOverrides = Object.entries(operation.parameterOverrides ?? {}).map(
    ([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }),
  );
  switch (operation.kind) {
    case 'create':
      await client.send(new CreateStackInstancesCommand({ ...input, ParameterOverrides }));
      return;
    case 'update':
      await client.send(new UpdateStackInstancesCommand({ ...input, ParameterOverrides }));
      return;
    case 'delete':
      await client.send(new DeleteStackInstancesCommand({ ...input, RetainStacks: operation.retainStacks ?? false }));
      return;
  }
}

/** One account that fails stops no other: failures are tolerated there, and reported here cell by cell. */
function toPreferences(
  { accountPercentage, regionConcurrency, regionOrder }: OperationPreferences,
  regions: readonly string[],
): StackSetOperationPreferences {
  const order = regionOrder.filter((region) => regions.includes(region));
  return {
    RegionConcurrencyType: regionConcurrency,
    ...(order.length > 0 && { RegionOrder: [...order, ...regions.filter((region) => !order.includes(region))] }),
    MaxConcurrentPercentage: accountPercentage,
    FailureTolerancePercentage: 100,
    ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
  };
}
