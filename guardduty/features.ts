import type { DetectorFeatureConfiguration, OrganizationFeatureConfiguration } from '@aws-sdk/client-guardduty';

/**
 * Protection plans and what they bring along, by `PLAN` or `PLAN/ADDITIONAL_CONFIGURATION`, in GuardDuty's own names:
 * `RUNTIME_MONITORING`, `RUNTIME_MONITORING/EKS_ADDON_MANAGEMENT`.
 */
export type Features = Readonly<Record<string, FeatureStatus>>;

export type FeatureStatus = 'ENABLED' | 'DISABLED';

/** In which accounts of the organization GuardDuty switches plans on by itself, by the same keys. */
export type AutoEnablePlans = Readonly<Record<string, 'ALL' | 'NEW' | 'NONE'>>;

interface FeatureResult {
  readonly Name?: string;
  readonly Status?: string;
  readonly ManagedBy?: string;
  readonly AdditionalConfiguration?: readonly FeatureResult[];
}

/** What GuardDuty answers, as one flat record. */
export function readFeatures(results: readonly FeatureResult[] = []): Features {
  return Object.fromEntries(flat(results).map(([key, { Status }]) => [key, Status as FeatureStatus]));
}

/** The keys whose values an organization policy holds: the API refuses to change them. */
export function managedFeatures(results: readonly FeatureResult[] = []): string[] {
  return flat(results)
    .filter(([, { ManagedBy }]) => ManagedBy !== undefined && ManagedBy !== 'ACCOUNT')
    .map(([key]) => key);
}

function flat(results: readonly FeatureResult[]): [string, FeatureResult][] {
  return results.flatMap((feature): [string, FeatureResult][] => [
    [String(feature.Name), feature],
    ...(feature.AdditionalConfiguration ?? []).map((extra): [string, FeatureResult] => [
      `${feature.Name}/${extra.Name}`,
      extra,
    ]),
  ]);
}

/** What has to change; with one of a plan's additional configurations goes the plan's own value. */
export function missingFeatures(desired: Features, observed: Features, untouchable: readonly string[] = []): Features {
  const different = Object.keys(desired).filter((key) => desired[key] !== observed[key] && !untouchable.includes(key));
  const plans = different.map((key) => key.split('/')[0] as string).filter((plan) => desired[plan] !== undefined);
  const keys = new Set([...different, ...plans.filter((plan) => !untouchable.includes(plan))]);
  return Object.fromEntries([...keys].sort().map((key) => [key, desired[key] as FeatureStatus]));
}

const exclusive = ['EKS_RUNTIME_MONITORING', 'RUNTIME_MONITORING'];

/**
 * As GuardDuty takes it, in as many requests as needed: the two runtime monitoring plans exclude each other, even in
 * one request, so what is switched off goes first.
 */
export function featureRequests(features: Features): DetectorFeatureConfiguration[][] {
  const plans = [...new Set(Object.keys(features).map((key) => key.split('/')[0] as string))];
  const all = plans.map((plan) => configurationOf(plan, features));
  if (!exclusive.every((plan) => plans.includes(plan))) {
    return [all];
  }
  const isOff = ({ Name, Status }: DetectorFeatureConfiguration) =>
    exclusive.includes(String(Name)) && Status === 'DISABLED';
  const first = all.filter(isOff).slice(0, 1);
  return [first, all.filter((feature) => !first.includes(feature))];
}

function configurationOf(plan: string, features: Features): DetectorFeatureConfiguration {
  const extras = Object.entries(features).filter(([key]) => key.startsWith(`${plan}/`));
  return {
    Name: plan as DetectorFeatureConfiguration['Name'],
    Status: features[plan],
    AdditionalConfiguration:
      extras.length === 0
        ? undefined
        : extras.map(([key, Status]) => ({
            Name: key.slice(plan.length + 1) as NonNullable<
              DetectorFeatureConfiguration['AdditionalConfiguration']
            >[number]['Name'],
            Status,
          })),
  };
}

interface AutoEnableResult {
  readonly Name?: string;
  readonly AutoEnable?: string;
  readonly AdditionalConfiguration?: readonly AutoEnableResult[];
}

/** What DescribeOrganizationConfiguration answers, as one flat record. */
export function readAutoEnable(results: readonly AutoEnableResult[] = []): AutoEnablePlans {
  const entries = results.flatMap(({ Name, AutoEnable, AdditionalConfiguration = [] }) => [
    [Name, AutoEnable],
    ...AdditionalConfiguration.map((extra) => [`${Name}/${extra.Name}`, extra.AutoEnable]),
  ]);
  return Object.fromEntries(entries);
}

/** As UpdateOrganizationConfiguration takes it; a plan that has only additional ones keeps its own value. */
export function autoEnableRequest(
  plans: AutoEnablePlans,
  standing: AutoEnablePlans,
): OrganizationFeatureConfiguration[] {
  const names = [...new Set(Object.keys(plans).map((key) => key.split('/')[0] as string))];
  return names.map((name) => {
    const extras = Object.keys(plans).filter((key) => key.startsWith(`${name}/`));
    const configuration = {
      Name: name,
      AutoEnable: plans[name] ?? standing[name] ?? 'NONE',
      ...(extras.length > 0
        ? {
            AdditionalConfiguration: extras.map((key) => ({
              Name: key.slice(name.length + 1),
              AutoEnable: plans[key],
            })),
          }
        : {}),
    };
    return configuration as OrganizationFeatureConfiguration;
  });
}
