import { catalog } from '../catalog';
import { CompileError } from '../errors';
import { configure, type Overrides } from '../settings';
import { compileEventBridge, type EventBridgeOptions, type EventBridgeRule } from './eventbridge';

/** The rules of the whole catalog, and the detections of which there are none. */
export interface CompiledRules {
  readonly rules: readonly EventBridgeRule[];
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Compiles the whole catalog to EventBridge rules, for a rollout. `nearest` names detections whose wider form is taken
 * where EventBridge cannot say their own.
 */
export function compileRules(
  overrides: Overrides = {},
  options: EventBridgeOptions = {},
  nearest: readonly string[] = [],
): CompiledRules {
  const rules: EventBridgeRule[] = [];
  const refused: { id: string; reason: string }[] = [];
  for (const detection of catalog) {
    const configured = configure(detection, overrides);
    const wider = nearest.includes(detection.id);
    if (configured.needs !== undefined && !wider) {
      refused.push({ id: detection.id, reason: `off: parameter ${configured.needs} is not set` });
      continue;
    }
    try {
      rules.push(...compileEventBridge(configured, { ...options, nearest: wider }));
    } catch (error) {
      if (!(error instanceof CompileError)) {
        throw error;
      }
      refused.push({ id: detection.id, reason: error.reason });
    }
  }
  return { rules, refused };
}
