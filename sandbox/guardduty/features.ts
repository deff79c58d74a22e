import {
  type DataSourceConfigurations,
  type DataSourceConfigurationsResult,
  type DetectorFeatureConfiguration,
  type DetectorFeatureConfigurationResult,
  FeatureStatus,
  type MemberFeaturesConfigurationResult,
} from '@aws-sdk/client-guardduty';
import { invalidInput, managedByPolicy } from './errors';
import { oneOf } from './input';
import { type FeatureDefinition, featuresIn, hasAdditional } from './plans';

export interface Setting {
  status: FeatureStatus;
  updatedAt: Date;
  /** Set while an organization policy (GUARDDUTY_POLICY) holds the value. */
  managedBy?: 'GUARDDUTY_POLICY';
}

/** A protection plan's state in one detector. */
interface FeatureSetting extends Setting {
  readonly additional: Map<string, Setting>;
}

export type FeatureSettings = Map<string, FeatureSetting>;

/** What a new detector has: every plan that the service switches on by itself, and the three foundations. */
export function defaultFeatures(region: string, now: Date): FeatureSettings {
  return new Map(
    featuresIn(region)
      .filter((feature) => !feature.quiet)
      .map((feature) => [
        feature.name,
        {
          status: feature.byDefault ? 'ENABLED' : 'DISABLED',
          updatedAt: now,
          additional: new Map(feature.additional.map((name) => [name, { status: 'DISABLED', updatedAt: now }])),
        },
      ]),
  );
}

/**
 * Applies a request's features (and the older `DataSources`) to a detector's settings.
 * @throws ServiceError for names, values or combinations that the service refuses; nothing is changed then
 */
export function applyFeatures(
  settings: FeatureSettings,
  request: { Features?: readonly DetectorFeatureConfiguration[]; DataSources?: DataSourceConfigurations },
  region: string,
  now: Date,
): void {
  const wanted = [...fromDataSources(request.DataSources), ...(request.Features ?? [])];
  const definitions = wanted.map((feature) => checkFeature(feature, region));
  refuseBothRuntimePlans(wanted);
  refuseManaged(settings, wanted);
  wanted.forEach((feature, index) => {
    change(settings, feature, definitions[index] as FeatureDefinition, now);
  });
}

function checkFeature(feature: DetectorFeatureConfiguration, region: string): FeatureDefinition {
  const definition = featuresIn(region).find((known) => known.name === feature.Name && !known.foundational);
  if (!definition) {
    throw invalidInput();
  }
  oneOf(feature.Status, FeatureStatus);
  for (const extra of feature.AdditionalConfiguration ?? []) {
    oneOf(extra.Status, FeatureStatus);
    if (!hasAdditional(definition, extra.Name)) {
      throw invalidInput();
    }
  }
  return definition;
}

/** Runtime Monitoring contains EKS Runtime Monitoring: the API takes one of them. */
function refuseBothRuntimePlans(wanted: readonly DetectorFeatureConfiguration[]): void {
  const names = wanted.map((feature) => feature.Name);
  if (names.includes('RUNTIME_MONITORING') && names.includes('EKS_RUNTIME_MONITORING')) {
    throw invalidInput();
  }
}

/** What an organization policy holds is read-only here. */
function refuseManaged(settings: FeatureSettings, wanted: readonly DetectorFeatureConfiguration[]): void {
  const differs = (setting: Setting | undefined, status: FeatureStatus | undefined) =>
    setting?.managedBy !== undefined && status !== undefined && setting.status !== status;
  for (const feature of wanted) {
    const setting = settings.get(feature.Name ?? '');
    const extras = feature.AdditionalConfiguration ?? [];
    if (
      differs(setting, feature.Status) ||
      extras.some((extra) => differs(setting?.additional.get(extra.Name ?? ''), extra.Status))
    ) {
      throw managedByPolicy();
    }
  }
}

function change(
  settings: FeatureSettings,
  wanted: DetectorFeatureConfiguration,
  definition: FeatureDefinition,
  now: Date,
): void {
  const setting = settings.get(definition.name) ?? { status: 'DISABLED', updatedAt: now, additional: new Map() };
  settings.set(definition.name, setting);
  set(setting, wanted.Status, now);
  for (const extra of wanted.AdditionalConfiguration ?? []) {
    const name = extra.Name as string;
    const value = setting.additional.get(name) ?? { status: 'DISABLED', updatedAt: now };
    setting.additional.set(name, value);
    set(value, extra.Status, now);
  }
}

function set(setting: Setting, status: FeatureStatus | undefined, now: Date): void {
  if (status !== undefined && status !== setting.status) {
    setting.status = status;
    setting.updatedAt = now;
  }
}

/** The plans that had switches under `DataSources` before there were features. */
function fromDataSources(sources: DataSourceConfigurations | undefined): DetectorFeatureConfiguration[] {
  const switches: [DetectorFeatureConfiguration['Name'], boolean | undefined][] = [
    ['S3_DATA_EVENTS', sources?.S3Logs?.Enable],
    ['EKS_AUDIT_LOGS', sources?.Kubernetes?.AuditLogs?.Enable],
    ['EBS_MALWARE_PROTECTION', sources?.MalwareProtection?.ScanEc2InstanceWithFindings?.EbsVolumes],
  ];
  return switches
    .filter(([, enable]) => enable !== undefined)
    .map(([Name, enable]) => ({ Name, Status: enable ? 'ENABLED' : 'DISABLED' }));
}

export function describeFeatures(settings: FeatureSettings): DetectorFeatureConfigurationResult[] {
  return [...settings].map(([name, setting]) => ({
    Name: name as DetectorFeatureConfigurationResult['Name'],
    Status: setting.status,
    UpdatedAt: setting.updatedAt,
    ManagedBy: setting.managedBy,
    AdditionalConfiguration:
      setting.additional.size === 0
        ? undefined
        : [...setting.additional].map(([extra, value]) => ({
            Name: extra as NonNullable<DetectorFeatureConfigurationResult['AdditionalConfiguration']>[number]['Name'],
            Status: value.status,
            UpdatedAt: value.updatedAt,
            ManagedBy: value.managedBy,
          })),
  }));
}

/** Sources that every detector reads. */
export const foundations: readonly string[] = ['CLOUD_TRAIL', 'DNS_LOGS', 'FLOW_LOGS'];

/** As GetMemberDetectors answers: without the foundations, which nobody can switch off. */
export function describeMemberFeatures(settings: FeatureSettings): MemberFeaturesConfigurationResult[] {
  return describeFeatures(settings).filter(
    (feature) => !foundations.includes(feature.Name ?? ''),
  ) as MemberFeaturesConfigurationResult[];
}

export function describeDataSources(settings: FeatureSettings, serviceRole: string): DataSourceConfigurationsResult {
  const status = (name: string) => ({ Status: settings.get(name)?.status ?? FeatureStatus.DISABLED });
  return {
    CloudTrail: { Status: 'ENABLED' },
    DNSLogs: { Status: 'ENABLED' },
    FlowLogs: { Status: 'ENABLED' },
    S3Logs: status('S3_DATA_EVENTS'),
    Kubernetes: { AuditLogs: status('EKS_AUDIT_LOGS') },
    MalwareProtection: {
      ScanEc2InstanceWithFindings: { EbsVolumes: status('EBS_MALWARE_PROTECTION') },
      ServiceRole: serviceRole,
    },
  };
}
