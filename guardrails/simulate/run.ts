import { type ContextEntry, type EvaluationResult, IAMClient, paginateSimulateCustomPolicy } from '@aws-sdk/client-iam';
import pMap from 'p-map';
import { explain } from '../../organization/failures';
import type { Session } from '../../organization/sessions';
import { denies, type Request } from '../evaluate/evaluate';
import type { PackedPolicy } from '../pack';
import type { ConfiguredGuardrail } from '../settings';
import type { SimulationCase } from './cases';

/** What came of one call that a role has to be able to make. */
export interface SimulationResult {
  readonly role: string;
  readonly accountId: string;
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
  /** `unclear`: not even the role's own policy was seen to allow it. */
  readonly result: 'allowed' | 'denied' | 'unclear';
  /** Ids of the guardrails that deny it. */
  readonly guardrails: readonly string[];
}

/** Few at once: the simulator is a slow part of IAM. */
const concurrency = 4;

/**
 * Asks IAM's policy simulator whether roles may still make their calls when the policies hold for them.
 *
 * @throws GarrisonError when the simulator may not be asked
 */
export async function simulate(
  cases: readonly SimulationCase[],
  policies: readonly PackedPolicy[],
  { guardrails, session }: { guardrails: readonly ConfiguredGuardrail[]; session: Session },
): Promise<SimulationResult[]> {
  const documents = policies.map(({ content }) => content);
  const results = await pMap(
    cases,
    async (one) => {
      const own = JSON.stringify({ Version: '2012-10-17', Statement: one.role.statements });
      const decisions = await ask(one, [own, ...documents], session);
      return one.actions.map((action) => {
        const decision = decisions.get(action.toLowerCase());
        const result = decision === 'allowed' ? 'allowed' : decision === 'explicitDeny' ? 'denied' : 'unclear';
        return outcome(one, action, result, guardrails);
      });
    },
    { concurrency },
  );
  return results.flat();
}

/** The same without AWS, by this program's own evaluator. Pure. */
export function simulateHere(
  cases: readonly SimulationCase[],
  guardrails: readonly ConfiguredGuardrail[],
): SimulationResult[] {
  return cases.flatMap((one) =>
    one.actions.map((action) => {
      const denied = denying(one, action, guardrails);
      return outcome(one, action, denied.length > 0 ? 'denied' : 'allowed', guardrails);
    }),
  );
}

function outcome(
  one: SimulationCase,
  action: string,
  result: SimulationResult['result'],
  guardrails: readonly ConfiguredGuardrail[],
): SimulationResult {
  return {
    role: one.role.name,
    accountId: one.role.accountId,
    statement: one.sid,
    action,
    resource: one.resource,
    result,
    guardrails: result === 'denied' ? denying(one, action, guardrails) : [],
  };
}

/** The guardrails whose statements deny a call. */
function denying(one: SimulationCase, action: string, guardrails: readonly ConfiguredGuardrail[]): string[] {
  const values = new Map(Object.entries(one.context).map(([key, value]) => [key.toLowerCase(), value]));
  const request: Request = {
    action,
    resources: [one.resource],
    context: (key) => {
      const value = values.get(key.toLowerCase());
      return value === undefined ? undefined : [value];
    },
  };
  return guardrails
    .filter(({ off, statements }) => off === undefined && statements.some((each) => denies(each, request) === 'yes'))
    .map(({ guardrail }) => guardrail.id);
}

/** Decisions by action, in lower case. One resource a question: so the answer is about that one. */
async function ask(one: SimulationCase, PolicyInputList: string[], session: Session): Promise<Map<string, string>> {
  const client = session.client(IAMClient, session.homeRegion);
  const decisions = new Map<string, string>();
  const input = {
    PolicyInputList,
    ActionNames: [...one.actions],
    ResourceArns: [one.resource],
    ContextEntries: Object.entries(one.context).map(contextEntry),
  };
  try {
    for await (const page of paginateSimulateCustomPolicy({ client, pageSize: 100 }, input)) {
      for (const { EvalActionName = '', EvalDecision = '' } of (page.EvaluationResults ?? []) as EvaluationResult[]) {
        decisions.set(EvalActionName.toLowerCase(), EvalDecision);
      }
    }
  } catch (error) {
    throw explain(error, { accountId: session.accountId, operation: 'iam:SimulateCustomPolicy' });
  }
  return decisions;
}

function contextEntry([key, value]: [string, string]): ContextEntry {
  const ContextKeyType = key === 'aws:SourceIp' ? 'ip' : /^(true|false)$/.test(value) ? 'boolean' : 'string';
  return { ContextKeyName: key, ContextKeyType, ContextKeyValues: [value] };
}
