import type { FeatureStatus, Features } from '../features';

interface Feature {
  readonly status: { readonly '@@assign': string };
  readonly additional_configuration?: Readonly<Record<string, Feature>>;
}

type Block = Readonly<Record<string, Feature>>;

/**
 * Plans that a policy can name, by GuardDuty's names of features. Source: Organizations user guide, "Amazon GuardDuty
 * policy syntax and examples". The older EKS runtime monitoring is not among them.
 */
const governed = [
  'S3_DATA_EVENTS',
  'EKS_AUDIT_LOGS',
  'EBS_MALWARE_PROTECTION',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
  'RUNTIME_MONITORING',
];

/** A document has at most so many characters. Source: Organizations user guide, "Quotas". */
export const contentLimit = 10_000;

/**
 * The document of a policy.
 *
 * @param blocks plans by region, and those of every other region under `default`. A region's block takes the default's
 *   place, so each has to name all.
 */
export function policyContent(blocks: Readonly<Record<string, Features>>): string {
  const enablement = Object.fromEntries(
    Object.keys(blocks)
      .sort()
      .map((region) => [region, blockOf(blocks[region] as Features)]),
  );
  return JSON.stringify({ guardduty: { enablement } });
}

/** With a plan on, GuardDuty itself has to be: Garrison's policies never switch it off. */
function blockOf(features: Features): Block {
  const plans = governed.filter((plan) => features[plan] !== undefined);
  return Object.fromEntries([
    ['foundational', assigned('ENABLED')],
    ...plans.map((plan) => [plan.toLowerCase(), planOf(plan, features)] as const),
  ]);
}

function planOf(plan: string, features: Features): Feature {
  const extras = Object.keys(features)
    .filter((key) => key.startsWith(`${plan}/`))
    .sort()
    .map((key) => [key.slice(plan.length + 1).toLowerCase(), assigned(features[key] as FeatureStatus)] as const);
  return {
    ...assigned(features[plan] as FeatureStatus),
    ...(extras.length > 0 ? { additional_configuration: Object.fromEntries(extras) } : {}),
  };
}

function assigned(status: FeatureStatus): Feature {
  return { status: { '@@assign': status.toLowerCase() } };
}

/** Whether two documents say the same, whatever the order of their members. */
export function sameContent(one: string, other: string): boolean {
  try {
    return canonical(JSON.parse(one)) === canonical(JSON.parse(other));
  } catch {
    return false;
  }
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return JSON.stringify(value);
  }
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`;
}
