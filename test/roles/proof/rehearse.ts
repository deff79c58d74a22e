import type { RecordedDecision } from '../../../sandbox';
import type { Withheld } from '../../../sandbox/core/withheld';
import { managementId, securityId, startOrganization, type TestOrganization } from '../../support/localOrganization';
import { memberId } from './configuration';
import { lifeCycle, members, type Step } from './lifeCycle';
import { type Unit, unitsIn } from './units';

/** A life cycle from its beginning to its end, or to the step that failed. */
export interface Rehearsed {
  readonly decisions: readonly RecordedDecision[];
  /** What the roles held once everything was rolled out. */
  readonly units: readonly Unit[];
  readonly failed?: { readonly step: string; readonly output: string };
}

/** Roles that people and CloudFormation act as; functions' own are proven where they run. */
export const provenRoles = /^(AWSCloudFormationStackSet|Garrison(Operator|Member)$|garrison-events$)/;

export function startRehearsal(): Promise<TestOrganization> {
  return startOrganization(members, ['us-east-1']);
}

/**
 * Rehearses a whole life on an organization that is as new.
 *

 * @param withheld what IAM overlooks meanwhile
 * @param isEnough whether what a step said shows all that is to be known
 */
export async function rehearse(
  organization: TestOrganization,
  withheld?: Withheld,
  isEnough: (output: string) => boolean = () => false,
): Promise<Rehearsed> {
  const { sandbox } = organization;
  sandbox.decisions.start();
  if (withheld) {
    sandbox.withheld.add(withheld);
  }
  const units = new Map<string, Unit>();
  const ended = (step?: Step, output = ''): Rehearsed => ({
    decisions: sandbox.decisions.list(),
    units: [...units.values()],
    ...(step ? { failed: { step: step.name, output } } : {}),
  });
  for (const step of lifeCycle(organization)) {
    const { code, stdout, stderr } = await step.run();
    const output = `${stdout}\n${stderr}`;
    if (!step.expected.includes(code) || isEnough(output)) {
      return ended(step, output);
    }
    if (step.rollsOut && !withheld) {
      const standing = await unitsIn(organization, [managementId, securityId, memberId]);
      for (const unit of standing.filter(({ role }) => provenRoles.test(role))) {
        units.set(JSON.stringify(unit), unit);
      }
    }
  }
  return ended();
}
