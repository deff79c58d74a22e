import { type ObservedStack, type ObservedStackSet, observeStack, observeStackSet } from '../../cloudformation';
import { type PolicyPlan, planPolicies, readPolicies } from '../../guardduty';
import { listMembers, type RegionMembers } from '../../guardduty/removal';
import { roleArn, roleNames } from '../../organization/config';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { enabledRegions } from '../../organization/regions';
import { AccountSessions, type Session } from '../../organization/sessions';
import { findingsStackName, recordStackName } from '../../stacks/model';
import { inactiveAccounts, openRollout, stackTarget } from '../rollout/context';
import type { Files } from '../rollout/files';
import { securityStackName, stackSetsIn } from '../rollout/retired';

export const memberRoles = 'garrison-member-roles';
export const detectors = 'garrison-detectors';

/** What stands of Garrison in the security account, and what it rolled out from there. */
export interface Standing {
  readonly stack?: ObservedStack;
  /** The stack of the record of the use of privileges: evidence, which stays unless told otherwise. */
  readonly record?: ObservedStack;
  /** The stack of the bucket that findings are exported to: it stays unless told otherwise. */
  readonly findings?: ObservedStack;
  readonly stackSets: readonly ObservedStackSet[];
  /** Our members, region by region. */
  readonly members: readonly RegionMembers[];
  /** Members that are not in accounts.csv and have no instance: others' business. */
  readonly strangers: readonly RegionMembers[];
  readonly inactive: ReadonlyMap<string, string>;
  /** GuardDuty policies of ours in the organization, and how they go; looked for with that route alone. */
  readonly policies?: PolicyPlan;
}

/**
 * The operator; the caller where the operator is gone already, but only if nothing is left that needs it.
 *
 * @throws GarrisonError when the operator cannot be assumed though the stack stands
 */
export async function operatorOf(caller: Session, files: Files, host: Host): Promise<Session> {
  try {
    return (await openRollout(files, host)).operator;
  } catch (error) {
    const { homeRegion } = files.config;
    const stack = await observeStack(securityStackName, stackTarget(caller, homeRegion)).catch(() => ({}));
    if (stack !== undefined || !(error instanceof GarrisonError)) {
      throw error;
    }
    return caller;
  }
}

/** Observes what there is to remove. Changes nothing. */
export async function observeStanding(operator: Session, files: Files, host: Host): Promise<Standing> {
  const { config } = files;
  const target = stackTarget(operator, config.homeRegion);
  const stack = await observeStack(securityStackName, target);
  const record = await observeStack(recordStackName, target);
  const findings = await observeStack(findingsStackName, target);
  const [stackSets, regions, inactive] = await Promise.all([
    Promise.all(stackSetsOf(stack).map((name) => observeStackSet(name, target.client))),
    config.regions === 'all' ? enabledRegions(operator) : config.regions,
    inactiveAccounts(operator, files, host),
  ]);
  const [listed, policies] = await Promise.all([
    listMembers(operator, regions, config.operations.concurrency),
    policiesOf(operator, files),
  ]);
  const ours = new Set([
    ...files.accounts.map(({ id }) => id),
    ...stackSets.flatMap(({ instances }) => instances.map(({ accountId }) => accountId)),
  ]);
  const only = (keep: (accountId: string) => boolean) =>
    listed
      .map((region) => ({ ...region, accountIds: region.accountIds.filter(keep) }))
      .filter(({ accountIds }) => accountIds.length > 0);
  return {
    stack,
    record,
    findings,
    stackSets: stackSets.filter(({ exists }) => exists),
    members: only((id) => ours.has(id)),
    strangers: only((id) => !ours.has(id)),
    inactive,
    ...(policies && policies.changes.length > 0 ? { policies } : {}),
  };
}

/** In the management account, whose role goes only after them; where it is gone, so are they. */
export function managementMember(operator: Session, { config }: Files): Session {
  const { member } = roleNames(config.roles);
  const { partition, managementAccount } = config;
  const arnOf = (accountId: string) => roleArn({ partition, accountId, name: member }, config.roles);
  return new AccountSessions(operator, arnOf).of(managementAccount);
}

async function policiesOf(operator: Session, files: Files): Promise<PolicyPlan | undefined> {
  if (files.config.guardduty.route !== 'policy') {
    return undefined;
  }
  try {
    return planPolicies([], await readPolicies(managementMember(operator, files), []));
  } catch (error) {
    if (error instanceof GarrisonError && /AccessDenied/.test(error.code)) {
      return undefined;
    }
    throw error;
  }
}

/** Names of the stack sets, from the template that stands: whatever it holds goes. */
function stackSetsOf(stack: ObservedStack | undefined): string[] {
  return [...new Set([...stackSetsIn(stack), 'garrison-event-rules', detectors, memberRoles])];
}
