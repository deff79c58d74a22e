import type {
  AutoEnableMembers,
  DescribeOrganizationConfigurationResponse,
  OrganizationDataSourceConfigurations,
  OrganizationFeatureConfiguration,
  OrganizationFeatureConfigurationResult,
} from '@aws-sdk/client-guardduty';
import { OrgFeatureStatus } from '@aws-sdk/client-guardduty';
import { invalidInput } from './errors';
import type { FeatureSettings, Setting } from './features';
import { oneOf } from './input';
import { featuresIn, hasAdditional } from './plans';

/** Which accounts of the organization get a plan by themselves. */
interface FeatureRule {
  autoEnable: OrgFeatureStatus;
  readonly additional: Map<string, OrgFeatureStatus>;
}

/** How the organization's administrator account wants members to be set up. */
export interface OrganizationConfiguration {
  autoEnable: AutoEnableMembers;
  readonly features: Map<string, FeatureRule>;
}

export function newOrganizationConfiguration(): OrganizationConfiguration {
  return { autoEnable: 'NONE', features: new Map() };
}

const ruleFor = (configuration: OrganizationConfiguration, feature: string): FeatureRule =>
  configuration.features.get(feature) ?? { autoEnable: 'NONE', additional: new Map() };

/** Plans that have an older switch of yes or no under `DataSources`; yes means for new accounts. */
function fromDataSources(sources: OrganizationDataSourceConfigurations | undefined) {
  const switches: [OrganizationFeatureConfiguration['Name'], boolean | undefined][] = [
    ['S3_DATA_EVENTS', sources?.S3Logs?.AutoEnable],
    ['EKS_AUDIT_LOGS', sources?.Kubernetes?.AuditLogs?.AutoEnable],
    ['EBS_MALWARE_PROTECTION', sources?.MalwareProtection?.ScanEc2InstanceWithFindings?.EbsVolumes?.AutoEnable],
  ];
  return switches
    .filter(([, on]) => on !== undefined)
    .map(([Name, on]): OrganizationFeatureConfiguration => ({ Name, AutoEnable: on ? 'NEW' : 'NONE' }));
}

/** @throws ServiceError for plans that do not exist in the region, values and combinations that are refused */
export function applyRules(
  configuration: OrganizationConfiguration,
  request: { Features?: OrganizationFeatureConfiguration[]; DataSources?: OrganizationDataSourceConfigurations },
  region: string,
): void {
  const wanted = [...fromDataSources(request.DataSources), ...(request.Features ?? [])];
  const names = wanted.map((feature) => feature.Name);
  if (names.includes('RUNTIME_MONITORING') && names.includes('EKS_RUNTIME_MONITORING')) {
    throw invalidInput();
  }
  for (const feature of wanted) {
    check(feature, region);
  }
  for (const feature of wanted) {
    const rule = ruleFor(configuration, feature.Name as string);
    rule.autoEnable = feature.AutoEnable ?? rule.autoEnable;
    for (const extra of feature.AdditionalConfiguration ?? []) {
      rule.additional.set(extra.Name as string, extra.AutoEnable ?? 'NONE');
    }
    configuration.features.set(feature.Name as string, rule);
  }
}

function check(feature: OrganizationFeatureConfiguration, region: string): void {
  const definition = featuresIn(region).find((known) => known.name === feature.Name && !known.foundational);
  oneOf(feature.AutoEnable, OrgFeatureStatus);
  for (const extra of feature.AdditionalConfiguration ?? []) {
    oneOf(extra.AutoEnable, OrgFeatureStatus);
    if (!definition || !hasAdditional(definition, extra.Name)) {
      throw invalidInput();
    }
  }
  if (!definition) {
    throw invalidInput();
  }
}

/** Switches on in a member's detector what the configuration gives to all accounts, or to new ones too. */
export function autoEnableFeatures(
  configuration: OrganizationConfiguration,
  detector: { readonly features: FeatureSettings; updatedAt: Date },
  isNew: boolean,
  now: Date,
): void {
  const applies = (status: OrgFeatureStatus | undefined) => status === 'ALL' || (isNew && status === 'NEW');
  const enable = (setting: Setting | undefined, status: OrgFeatureStatus | undefined) => {
    if (setting && !setting.managedBy && applies(status) && setting.status !== 'ENABLED') {
      setting.status = 'ENABLED';
      setting.updatedAt = now;
    }
  };
  for (const [name, setting] of detector.features) {
    const rule = ruleFor(configuration, name);
    enable(setting, rule.autoEnable);
    for (const [extra, value] of setting.additional) {
      enable(value, rule.additional.get(extra));
    }
  }
}

/** DescribeOrganizationConfiguration's answer, but for its page of features. */
export function describeConfiguration(
  configuration: OrganizationConfiguration,
): Omit<DescribeOrganizationConfigurationResponse, 'MemberAccountLimitReached'> {
  const on = (feature: string) => ({ AutoEnable: ruleFor(configuration, feature).autoEnable !== 'NONE' });
  return {
    AutoEnable: configuration.autoEnable !== 'NONE',
    AutoEnableOrganizationMembers: configuration.autoEnable,
    DataSources: {
      S3Logs: on('S3_DATA_EVENTS'),
      Kubernetes: { AuditLogs: on('EKS_AUDIT_LOGS') },
      MalwareProtection: { ScanEc2InstanceWithFindings: { EbsVolumes: on('EBS_MALWARE_PROTECTION') } },
    },
  };
}

export function describeRules(
  configuration: OrganizationConfiguration,
  region: string,
): OrganizationFeatureConfigurationResult[] {
  return featuresIn(region)
    .filter((feature) => !feature.foundational && (!feature.quiet || configuration.features.has(feature.name)))
    .map((feature) => {
      const rule = ruleFor(configuration, feature.name);
      return {
        Name: feature.name as OrganizationFeatureConfigurationResult['Name'],
        AutoEnable: rule.autoEnable,
        AdditionalConfiguration:
          feature.additional.length === 0
            ? undefined
            : feature.additional.map((name) => ({
                Name: name as NonNullable<
                  OrganizationFeatureConfigurationResult['AdditionalConfiguration']
                >[number]['Name'],
                AutoEnable: rule.additional.get(name) ?? 'NONE',
              })),
      };
    });
}
