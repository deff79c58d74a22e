import { catalog } from './catalog';
import { compileMatcher, type Matcher } from './matcher';
import { type ConfiguredDetection, configure, type Overrides } from './settings';

/** A configured detection and the function that tells whether a record satisfies it. */
export interface Watcher {
  readonly configured: ConfiguredDetection;
  readonly matches: Matcher;
}

/** The whole catalog, configured and ready to match; detections that lack a needed parameter are left out. */
export function watchers(overrides: Overrides = {}): Watcher[] {
  return catalog
    .map((detection) => configure(detection, overrides))
    .filter(({ needs }) => needs === undefined)
    .map((configured) => ({ configured, matches: compileMatcher(configured.condition) }));
}
