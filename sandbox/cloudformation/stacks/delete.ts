import { recordImports, withdrawExports } from './outputs';
import { recordStack } from './record';
import type { Engine } from './run';
import type { Stack } from './state';

/** The stack is gone: its name is free, its exports are too. */
export function finishDeletion(engine: Engine, stack: Stack): void {
  const region = engine.store.regions.at(stack);
  withdrawExports(region, stack);
  recordImports(region, stack, new Set());
  stack.deletedAt = engine.store.now();
  recordStack(stack, 'DELETE_COMPLETE', stack.deletedAt);
  engine.store.bury(stack);
}
