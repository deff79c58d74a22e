import type { CallContext } from '../../core/service';
import type { Engine } from './run';
import type { Stack } from './state';

/** Where a stack comes from when no person asked for it. */
export interface StackOrigin {
  readonly parentId?: string;
  readonly rootId?: string;
}

interface NewStackInput {
  StackName?: string;
  RoleARN?: string;
  DisableRollback?: boolean;
  OnFailure?: string;
  TimeoutInMinutes?: number;
  EnableTerminationProtection?: boolean;
  ClientRequestToken?: string;
}

/** A stack with nothing in it yet; not stored. */
export function newStack(engine: Engine, input: NewStackInput, context: CallContext, origin: StackOrigin): Stack {
  const name = input.StackName ?? '';
  const site = { accountId: context.accountId, region: context.region };
  return {
    ...site,
    id: engine.store.arnOf(name, site),
    name,
    createdAt: engine.store.now(),
    status: 'REVIEW_IN_PROGRESS',
    resources: new Map(),
    events: [],
    outputs: [],
    roleArn: input.RoleARN,
    disableRollback: input.DisableRollback ?? false,
    onFailure: input.OnFailure,
    timeoutMinutes: input.TimeoutInMinutes,
    terminationProtection: input.EnableTerminationProtection ?? false,
    parentId: origin.parentId,
    rootId: origin.rootId,
    undo: [],
    leftovers: [],
    imports: new Set(),
    token: input.ClientRequestToken,
    creationToken: input.ClientRequestToken,
    cancelled: false,
    settled: Promise.resolve(),
    changeSets: new Map(),
    executed: new Map(),
    drift: { status: 'NOT_CHECKED' },
    signals: new Map(),
  };
}
