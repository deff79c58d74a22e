import type { RolloutSettings } from './types';

/** Whether the settings ask for a detection. */
export function isEnabled(id: string, { enabled, disabled }: RolloutSettings): boolean {
  return enabled !== 'none' && (enabled === 'all' || enabled.includes(id)) && !disabled.includes(id);
}
