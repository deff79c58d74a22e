import { absent, all, type Condition, isNever } from './condition';
import type { Detection, ParameterValue, Settings, Threshold } from './detection';
import { DetectionError } from './errors';

/** Settings by the detection's id and the parameter's name; what is not there keeps its default. */
export type Overrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A detection with its settings: what the compilers and the matcher work on. */
export interface ConfiguredDetection {
  readonly detection: Detection;
  readonly settings: Settings;
  /** The whole condition, that on the outcome included. */
  readonly condition: Condition;
  /** As `condition`, wider: for engines that cannot say it. */
  readonly nearest?: Condition;
  readonly threshold?: Threshold;
  /** The parameter that has to be set before the detection can work: until then it is off. */
  readonly needs?: string;
}

/** Resolves a detection's settings. Throws `DetectionError` `detection.parameter` for what it does not have. */
export function configure(detection: Detection, overrides: Overrides = {}): ConfiguredDetection {
  const given = overrides[detection.id] ?? {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(detection.parameters, name)) {
      const known = Object.keys(detection.parameters).join(', ') || 'none';
      throw new DetectionError(
        'detection.parameter',
        `${detection.id} has no parameter ${name}`,
        `Its parameters: ${known}.`,
      );
    }
  }
  const settings = Object.fromEntries(
    Object.entries(detection.parameters).map(([name, parameter]) => [
      name,
      Object.hasOwn(given, name)
        ? checked(`${detection.id}.${name}`, given[name], parameter.default)
        : parameter.default,
    ]),
  ) as Settings;
  const withOutcome = (condition: Condition) =>
    detection.outcome === 'success' ? all(condition, absent('errorCode')) : condition;
  const condition = withOutcome(detection.condition(settings));
  const empty = Object.keys(settings).find((name) => (settings[name] as readonly unknown[]).length === 0);
  return {
    detection,
    settings,
    condition,
    nearest: detection.nearest && withOutcome(detection.nearest(settings)),
    threshold: detection.threshold?.(settings),
    needs: detection.needs?.(settings) ?? (isNever(condition) ? empty : undefined),
  };
}

function checked(name: string, value: unknown, fallback: ParameterValue): ParameterValue {
  if (typeof fallback === 'number') {
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) {
      return value;
    }
    throw wrong(name, value, 'a whole number above 0');
  }
  const type = typeof (fallback[0] ?? '');
  if (Array.isArray(value) && value.every((item) => typeof item === type)) {
    return value as readonly string[];
  }
  throw wrong(name, value, `a list of ${type === 'number' ? 'numbers' : 'texts'}`);
}

function wrong(name: string, value: unknown, wanted: string): DetectionError {
  return new DetectionError('detection.parameter', `${name} is ${JSON.stringify(value)}`, `Give ${wanted}.`);
}
