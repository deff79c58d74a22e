import {
  findTarget,
  type ObservedOrganization,
  observeOrganization,
  readTree,
  type Target,
  type Tree,
} from '../../guardrails';
import { GarrisonError, GarrisonErrors } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { callerSession, type Session } from '../../organization/sessions';
import type { Configured } from './shared';

/** Who calls, and what stands in the organization. */
export interface Standing {
  readonly session: Session;
  readonly tree: Tree;
  readonly observed: ObservedOrganization;
}

/**
 * Reads what stands in the organization.
 *
 * @throws GarrisonError when the credentials are neither the management account's nor a delegated administrator's
 */
export async function readStanding({ config }: Configured, _host: Host): Promise<Standing> {
  const session = await callerSession(config.homeRegion);
  const tree = await readTree(session);
  const observed = await observeOrganization(session, (id) => tree.units.get(id));
  if (observed.managementAccountId !== config.managementAccount) {
    throw new GarrisonError(
      'guardrail.organization',
      `the organization's management account is ${observed.managementAccountId}; garrison.yaml names ${config.managementAccount}`,
      'Choose credentials of the organization that garrison.yaml is for.',
      { accountId: session.accountId },
    );
  }
  return { session, tree, observed };
}

/** The targets that people named. Throws GarrisonErrors with all that do not exist. */
export async function targetsOf(names: readonly string[], { tree, session }: Standing): Promise<Target[]> {
  const targets: Target[] = [];
  const problems: GarrisonError[] = [];
  for (const name of names) {
    try {
      targets.push(await findTarget(name, tree, session));
    } catch (error) {
      if (!(error instanceof GarrisonError)) {
        throw error;
      }
      problems.push(error);
    }
  }
  if (problems.length > 0) {
    throw new GarrisonErrors(problems);
  }
  return targets;
}
