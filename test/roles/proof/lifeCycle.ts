import { join } from 'node:path';
import { type Ran, securityId, type TestOrganization } from '../../support/localOrganization';
import { memberId, newcomerId } from './configuration';
import { Hands } from './hands';
import { runManagementStackSet } from './managementStackSet';

export const members = 2;

/** A step of the rehearsal, as somebody would take it. */
export interface Step {
  readonly name: string;
  run(): Promise<Ran>;
  /** Exit codes with which the rehearsal goes on. */
  readonly expected: readonly number[];
  /** Everything stands as configured afterwards. */
  readonly rollsOut?: boolean;
}

/** The steps of a whole life, in order; each takes up where the one before it left off. */
export function lifeCycle(organization: TestOrganization): Step[] {
  const hands = new Hands(organization);
  const done: Ran = { code: 0, stdout: '', stderr: '' };
  const by = (name: string, work: () => Promise<unknown>): Step => ({
    name,
    expected: [0],
    run: () =>
      work().then(
        () => done,
        (error: Error) => ({ code: 1, stdout: '', stderr: error.message }),
      ),
  });
  const step = (as: 'management' | 'security', command: string, expected: readonly number[] = [0]): Step => ({
    name: `garrison ${command}`,
    expected,
    rollsOut: command.startsWith('apply'),
    run: () => organization.garrison(as, ...command.split(' ')),
  });
  return [
    by('(the first configuration)', () => hands.prepare()),
    by('a stack set of the management account', () => runManagementStackSet(organization, [securityId, memberId])),
    step('management', 'bootstrap'),
    by('(an earlier release)', () => hands.earlierRelease()),
    step('security', 'apply'),
    by('(changes by hand)', () => hands.changeThings()),
    step('security', 'verify --drift', [2]),
    step('security', `drill --account ${securityId} --account ${memberId} --timeout 20`),
    step('security', 'findings'),
    step('security', 'responders log'),
    step('security', 'responders images', [0, 2]),
    step('security', 'attest announce --person bob@example.com --purpose Release --ticket OPS-7 --for 2h'),
    step('security', `attest export --format json --output ${join(hands.folder, 'attested.json')}`),
    step('security', 'accounts sync', [0, 2]),
    by('cdk deploy', () => hands.cdkDeploy()),
    step('security', `offboard ${newcomerId} --yes`),
    by('(the second configuration)', () => hands.reconfigure()),
    step('management', 'bootstrap'),
    step('security', 'apply --yes'),
    by('(settings and a policy changed by hand)', () => hands.changeSettings()),
    step('security', 'apply'),
    step('security', `onboard ${newcomerId}`),
    step('security', 'remove --yes --delete-record --delete-findings'),
    step('management', 'remove --yes'),
  ];
}
