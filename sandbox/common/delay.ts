import type { World } from '../core/world';

/** Waits longer than this are nothing to wait for in `world.idle()`. */
const patience = 5000;

/** Does work later. A long wait (a retry in minutes) keeps neither `idle()` nor the process waiting. */
export function afterwards(world: World, milliseconds: number, work: () => Promise<void> | void): void {
  if (milliseconds <= patience) {
    world.later(milliseconds, work);
  } else {
    setTimeout(() => world.later(0, work), milliseconds).unref();
  }
}
