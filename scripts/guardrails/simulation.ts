import { readFileSync } from 'node:fs';
import { readAssembly } from '../../cloudformation';
import {
  casesOf,
  type DeployedRole,
  packPolicies,
  rolesIn,
  type SimulationCase,
  type SimulationResult,
  serviceControlLimits,
  simulate,
  simulateHere,
} from '../../guardrails';
import { GarrisonError } from '../../organization/errors';
import type { Session } from '../../organization/sessions';
import { assemblyFor } from '../rollout/assemblies';
import type { Progress } from '../views/progress';
import type { Configured } from './shared';

/** All that was tried, and what could not be. */
export interface Simulation {
  readonly results: readonly SimulationResult[];
  /** Roles that hold managed policies only: whether these allow a call, no template says. */
  readonly untried: readonly string[];
}

/**
 * Tries what Garrison's own roles have to be able to do under the guardrails.
 *
 * @param session asks the policy simulator; without it, this program's own evaluator decides
 */
export async function trySimulation(configured: Configured, session?: Session): Promise<Simulation> {
  const roles = await deployedRoles(configured);
  const untried = roles.filter(({ statements }) => statements.length === 0).map(({ name }) => name);
  const cases = distinct(roles.flatMap((role) => casesOf(role, regionBeyond(configured))));
  const { guardrails } = configured;
  const results = session
    ? await simulate(cases, packPolicies(guardrails, serviceControlLimits), { guardrails, session })
    : simulateHere(cases, guardrails);
  return { results, untried: [...new Set(untried)] };
}

/** Before anything is attached. Throws GarrisonError `guardrail.harmful` when Garrison itself would be stopped. */
export async function requireHarmless(configured: Configured, session: Session, progress: Progress): Promise<void> {
  const { results } = await progress.stage(
    'policy simulator',
    () => trySimulation(configured, session),
    (simulation) => ({ text: `${simulation.results.length} calls of Garrison's own roles` }),
  );
  const wrong = results.filter(({ result }) => result !== 'allowed');
  const [first] = wrong;
  if (first) {
    throw new GarrisonError(
      'guardrail.harmful',
      `${wrong.length} calls that Garrison's own roles have to make would be stopped, such as ${first.action} by ${first.role}`,
      'Run `garrison guardrails test`: it names each call and the guardrail. Nothing was changed.',
    );
  }
}

/** The same statements stand in roles of several accounts: each is tried once. */
function distinct(cases: readonly SimulationCase[]): SimulationCase[] {
  const keyed = cases.map(
    (one) => [JSON.stringify([one.role.arn, one.actions, one.resource, one.context]), one] as const,
  );
  return [...new Map(keyed).values()];
}

/** A guarded region that the guardrails may hold nobody else to use. */
function regionBeyond({ config, guardrails }: Configured): string {
  const used = guardrails.find(({ guardrail }) => guardrail.id === 'unused-regions')?.settings.regions ?? [];
  const guarded =
    config.regions === 'all' ? ['sa-east-1', 'ap-south-1', 'cn-northwest-1', 'us-gov-east-1'] : config.regions;
  return guarded.find((region) => !used.includes(region)) ?? config.homeRegion;
}

/** Every role that the CDK app makes, but those in the management account: service control policies do not hold there. */
async function deployedRoles({ config, accounts, paths }: Configured): Promise<DeployedRole[]> {
  const { managementAccount, securityAccount, homeRegion, partition } = config;
  const member = accounts.find(({ id }) => id !== managementAccount && id !== securityAccount)?.id;
  const regions = config.regions === 'all' ? [homeRegion] : config.regions;
  const directory = await assemblyFor({ config, accounts, paths }, regions);
  return readAssembly(directory).flatMap((stack) => {
    const accountId = stack.accountId ?? member;
    // Templates of stack sets lie beside the stack that they are of, and go into other accounts.
    const nested = stack.assets.filter(({ path }) => path.endsWith('.stackset.template.json'));
    return [
      ...(accountId ? rolesIn(stack.template, { partition, accountId, region: homeRegion }) : []),
      ...nested.flatMap(({ path }) =>
        member
          ? rolesIn(JSON.parse(readFileSync(path, 'utf8')), { partition, accountId: member, region: homeRegion })
          : [],
      ),
    ].filter((role) => role.accountId !== managementAccount);
  });
}
