import { randomUUID } from 'node:crypto';
import {
  type CloudFormationClient,
  DetectStackSetDriftCommand,
  ListStackInstanceResourceDriftsCommand,
  ListStackInstancesCommand,
  type StackInstanceResourceDriftsSummary,
  type StackInstanceSummary,
} from '@aws-sdk/client-cloudformation';
import pMap from 'p-map';
import type { Cell } from '../../organization/accounts';
import { follow, results, type StackSetHandle, waitForRunning } from './operations';
import { keyOf } from './plan';

/** A resource that was changed by hand. */
export interface DriftedResource extends Cell {
  readonly logicalId: string;
  readonly type: string;
  /** `MODIFIED` or `DELETED`. */
  readonly change: string;
  /** Paths of properties, such as `/Enable`, with what they should be and are. */
  readonly properties: readonly { readonly path: string; readonly expected: string; readonly actual: string }[];
}

/** What drift detection found in a stack set. */
export interface DriftReport {
  readonly stackSet: string;
  readonly drifted: readonly DriftedResource[];
  /** Cells that could not be looked at, and why where CloudFormation says it: they do not count as in sync. */
  readonly unchecked: readonly (Cell & { readonly reason?: string })[];
}

/** Resources are listed for so many instances at once. */
const concurrency = 8;

/**
 * Has CloudFormation compare every stack instance with what really stands, and names what was changed by hand. Takes as
 * long as an operation; changes nothing.
 */
export async function detectDrift(handle: StackSetHandle, accountPercentage = 100): Promise<DriftReport> {
  const { stackSet, client } = handle;
  await waitForRunning(handle);
  const id = randomUUID();
  await client.send(
    new DetectStackSetDriftCommand({
      StackSetName: stackSet,
      OperationId: id,
      OperationPreferences: {
        RegionConcurrencyType: 'PARALLEL',
        MaxConcurrentPercentage: accountPercentage,
        FailureTolerancePercentage: 100,
      },
    }),
  );
  await follow(id, handle);
  // Within its tolerance an operation succeeds whatever failed.
  const refused = await failuresOf(id, handle);
  const instances = await listInstances(stackSet, client);
  const fresh = instances.filter((instance) => !refused.has(keyOf(cellOf(instance))));
  const drifted = fresh.filter(({ DriftStatus }) => DriftStatus === 'DRIFTED');
  const resources = await pMap(drifted, (instance) => resourcesOf(stackSet, instance, id, client), { concurrency });
  return {
    stackSet,
    drifted: resources.flat(),
    unchecked: instances
      .filter((instance) => !fresh.includes(instance) || !/^(DRIFTED|IN_SYNC)$/.test(instance.DriftStatus ?? ''))
      .map((instance) => {
        const reason = refused.get(keyOf(cellOf(instance)));
        return { ...cellOf(instance), ...(reason && { reason }) };
      }),
  };
}

function cellOf({ Account = '', Region = '' }: { Account?: string; Region?: string }): Cell {
  return { accountId: Account, region: Region };
}

/** Why cells could not be looked at now: what their instances say of drift is from an earlier time. */
async function failuresOf(id: string, handle: StackSetHandle): Promise<Map<string, string>> {
  const all = await results(id, handle);
  const failed = all.filter(({ Status }) => Status !== 'SUCCEEDED');
  return new Map(
    failed.map((result) => [keyOf(cellOf(result)), result.StatusReason ?? 'the operation did not get there']),
  );
}

async function listInstances(stackSet: string, client: CloudFormationClient): Promise<StackInstanceSummary[]> {
  const instances: StackInstanceSummary[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new ListStackInstancesCommand({ StackSetName: stackSet, NextToken: token }));
    instances.push(...(page.Summaries ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return instances;
}

async function resourcesOf(
  stackSet: string,
  { Account = '', Region = '' }: StackInstanceSummary,
  operationId: string,
  client: CloudFormationClient,
): Promise<DriftedResource[]> {
  const found: DriftedResource[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListStackInstanceResourceDriftsCommand({
        StackSetName: stackSet,
        StackInstanceAccount: Account,
        StackInstanceRegion: Region,
        OperationId: operationId,
        StackInstanceResourceDriftStatuses: ['MODIFIED', 'DELETED'],
        NextToken: token,
      }),
    );
    const changed = (page.Summaries ?? [])
      .map((summary) => withoutNoise(summary))
      .filter((summary) => isChanged(summary));
    found.push(...changed.map((summary) => toResource(summary, { accountId: Account, region: Region })));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

/** GuardDuty lists every protection plan, also those of which the template says nothing: these are nobody's change. */
function withoutNoise(summary: StackInstanceResourceDriftsSummary): StackInstanceResourceDriftsSummary {
  if (summary.ResourceType !== 'AWS::GuardDuty::Detector') {
    return summary;
  }
  const PropertyDifferences = (summary.PropertyDifferences ?? []).filter(
    ({ PropertyPath, ExpectedValue }) =>
      !(/^\/Features\/\d+$/.test(PropertyPath ?? '') && /^(null)?$/.test(ExpectedValue ?? '')),
  );
  return { ...summary, PropertyDifferences };
}

function isChanged({ StackResourceDriftStatus, PropertyDifferences }: StackInstanceResourceDriftsSummary): boolean {
  return StackResourceDriftStatus !== 'MODIFIED' || (PropertyDifferences ?? []).length > 0;
}

function toResource(summary: StackInstanceResourceDriftsSummary, cell: Cell): DriftedResource {
  return {
    ...cell,
    logicalId: summary.LogicalResourceId ?? '',
    type: summary.ResourceType ?? '',
    change: summary.StackResourceDriftStatus ?? 'UNKNOWN',
    properties: (summary.PropertyDifferences ?? []).map((difference) => ({
      path: difference.PropertyPath ?? '',
      expected: difference.ExpectedValue ?? '',
      actual: difference.ActualValue ?? '',
    })),
  };
}
