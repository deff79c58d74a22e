import type { Engine } from './run';
import { begin, type Stack } from './state';

/** Runs an operation in the background and tells those who wait for its end. */
export function launch(engine: Engine, stack: Stack, work: () => Promise<void>): void {
  const settle = begin(stack);
  engine.world.later(1, async () => {
    try {
      await work();
    } finally {
      stack.token = undefined;
      stack.cancelled = false;
      settle();
    }
  });
}
