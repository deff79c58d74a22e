import { observeStack, planStack } from '../../cloudformation';
import { type Rollout, stackTarget } from './context';
import type { Synthesis } from './synthesis';

/** Stacks of the security account that only `bootstrap` changes, as the assembly names them. */
const bootstrapStacks = ['garrison-administration-security', 'garrison-execution-security'];

/**
 * Stacks of roles that stand in the security account otherwise than `garrison.yaml` wants them: what is switched on
 * there may need rights that only `bootstrap` gives, here and in every account. Stacks that are not there under their
 * own name (the roles came another way) say nothing.
 */
export async function bootstrapDue({ operator, config }: Rollout, synthesis: Synthesis): Promise<string[]> {
  const target = stackTarget(operator, config.homeRegion);
  const due = await Promise.all(
    bootstrapStacks.map(async (id) => {
      const { input } = synthesis.of(id);
      const observed = await observeStack(input.stackName, target);
      const differs = observed !== undefined && planStack(input, observed, target).action !== 'none';
      return differs ? [input.stackName] : [];
    }),
  );
  return due.flat();
}
