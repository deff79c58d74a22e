import type { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';
import { coverageSummary } from '../views/coverageTable';
import { createProgress } from '../views/progress';
import { bootstrapDue } from './bootstrapDue';
import { openRolloutWithRules, type Rollout } from './context';
import type { Files } from './files';
import { observeAll, type Picture } from './picture';
import { predictedFailures } from './predictions';
import { sideStacksOf, synthesizeFor } from './synthesis';

/** What was observed, and what is going to fail whatever stands. */
export interface Observation {
  readonly rollout: Rollout;
  readonly picture: Picture;
  readonly predicted: readonly GarrisonError[];
  /** Stacks of roles that `bootstrap` would change. */
  readonly bootstrapDue: readonly string[];
}

/** Opens the rollout and observes everything, with progress on standard error. Changes nothing. */
export async function observeRollout(files: Files, io: Io): Promise<Observation> {
  const progress = await createProgress(io);
  try {
    const rollout = await progress.stage('security account', (host) => openRolloutWithRules(files, host));
    const synthesis = await progress.stage('templates', async () => synthesizeFor(rollout, rollout.regions));
    const security = synthesis.of('garrison-security');
    const side = sideStacksOf(rollout, synthesis);
    const [picture, due] = await progress.stage(
      'what is there',
      (host) => Promise.all([observeAll(rollout, security, host, side), bootstrapDue(rollout, synthesis)]),
      ([{ coverage }]) => ({ text: coverageSummary(coverage) }),
    );
    const predicted = predictedFailures(rollout, security.stack, side);
    return { rollout, picture, predicted, bootstrapDue: due };
  } finally {
    progress.close();
  }
}
