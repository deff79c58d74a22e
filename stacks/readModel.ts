import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { administratorPolicies, detectionRules } from '../detections/rollout';
import type { Account } from '../organization/accounts';
import { loadAccounts } from '../organization/accountsFile';
import { type Config, loadConfig } from '../organization/config';
import { attestationSettings } from '../organization/config/attestationSettings';
import { bootstrapMethodOf } from '../organization/config/bootstrap';
import { botSettings } from '../organization/config/botSettings';
import { lowestSeverity } from '../organization/config/notifierPatterns';
import { notifierSettings } from '../organization/config/notifierSettings';
import { enabledResponders } from '../organization/config/responders';
import { rolloutRoleNames } from '../organization/config/roles';
import { slackAppDestination } from '../organization/config/slackApp';
import { checkOwnStackSets, type OwnStackSet, ownStackSets } from '../organization/ownStackSets';
import { domainOf } from '../organization/partitions';
import { type AccountKind, type OwnPermission, optInRegionsAmong } from '../roles';
import { withCriticalRoot } from './attestation/rules';
import { type OrganizationModel, resourceNames } from './model';
import { projectRoot } from './projectRoot';
import { responseRules } from './responders/rules';
import { respondingSettings } from './responders/settings';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `garrison.yaml` and `accounts.csv`: from `GARRISON_CONFIG` and `GARRISON_ACCOUNTS`, else the context values
 * `config` and `accounts` (`cdk synth -c config=…`), else the clone's own. `GARRISON_REGIONS` (comma-separated) says
 * which regions `all` stands for, where the caller has asked; the file `GARRISON_ADMINISTRATORS` lists the roles that
 * count as privileged by their policies.
 *
 * @throws GarrisonErrors with every problem of the files
 */
export function readModel(environment: Environment, context: (name: string) => unknown): OrganizationModel {
  const file = (variable: string, name: string, fallback: string) =>
    resolve(projectRoot(), environment[variable] ?? (context(name) as string | undefined) ?? fallback);
  const configFile = file('GARRISON_CONFIG', 'config', 'garrison.yaml');
  const config = loadConfig(configFile);
  const accounts = loadAccounts(file('GARRISON_ACCOUNTS', 'accounts', 'accounts.csv'), config);
  const known = environment.GARRISON_REGIONS?.split(',').filter((region) => region !== '');
  checkOwnStackSets(config, accounts, configFile);
  const list = environment.GARRISON_ADMINISTRATORS;
  const administrators = list === undefined ? undefined : (JSON.parse(readFileSync(list, 'utf8')) as string[]);
  return modelOf(config, accounts, { regions: known, configFile, administrators });
}

interface Surroundings {
  /** What `regions: all` stands for, if that is known. */
  readonly regions?: readonly string[];
  /** Path of `garrison.yaml`. */
  readonly configFile?: string;
  /** ARNs of roles that count as privileged by their policies. */
  readonly administrators?: readonly string[];
}

/** The model of an organization. */
export function modelOf(
  config: Config,
  accounts: readonly Account[],
  { regions: known, configFile = 'garrison.yaml', administrators }: Surroundings = {},
): OrganizationModel {
  const regions = config.regions === 'all' ? (known ?? 'all') : config.regions;
  const own = ownStackSets(config, accounts, configFile);
  const notifier = notifierSettings(config.notifier, {
    partition: config.partition,
    homeRegion: config.homeRegion,
    securityAccountId: config.securityAccount,
    accounts,
    app: slackAppDestination(config),
    tableName: resourceNames.alertTable,
  });
  const queueUrl = (name: string) =>
    `https://sqs.${config.homeRegion}.${domainOf(config.partition)}/${config.securityAccount}/${name}`;
  const compiled = detectionRules(config.detections, {
    accounts,
    operators: rolloutRoleNames(config.roles),
    administrators,
    language: notifier.language,
  });
  const attestation = attestationSettings(config.attestation, {
    notifier,
    recordTable: resourceNames.recordTable,
    alertTable: resourceNames.alertTable,
    alertQueueUrl: queueUrl(resourceNames.alertQueue),
  });
  const bot = botSettings(config, {
    homeRegion: config.homeRegion,
    notifier,
    attestationSettings: attestation,
    tableName: resourceNames.botTable,
    alertTable: resourceNames.alertTable,
    workQueueUrl: queueUrl(resourceNames.botQueue),
    responsesQueueUrl: queueUrl(resourceNames.responseQueue),
  });
  const { botConcurrency } = config.attestation;
  const rules = responseRules(config.responders, compiled, notifier.language);
  const detections = { ...compiled, forwarding: [...compiled.forwarding, ...rules.forwarding] };
  const settings = respondingSettings(config, accounts);
  return {
    partition: config.partition,
    managementAccountId: config.managementAccount,
    securityAccountId: config.securityAccount,
    homeRegion: config.homeRegion,
    organizationId: config.organization.id,
    // From the configuration alone: `cdk deploy`, which asks nobody, makes the same roles.
    optInRegions: optInRegionsAmong(config.regions, config.partition),
    roles: config.roles,
    guardDutyThroughOrganization: config.guardduty.route !== 'invitation',
    guardDutyPolicies: config.guardduty.route === 'policy',
    regions: regions === 'all' ? [config.homeRegion] : regions,
    accountIds: accounts.map((account) => account.id),
    linkAccountIds: accounts
      .filter((account) => bootstrapMethodOf(account, config) === 'links')
      .map((account) => account.id),
    operations: config.operations,
    minimumSeverity: lowestSeverity(notifier),
    notifier,
    followUps: enabledResponders(config.responders).length > 0 || config.attestation.enabled,
    alarmEmails: config.notifier.alarmEmails,
    detections: attestation ? { ...detections, alerts: withCriticalRoot(detections.alerts) } : detections,
    attestation: attestation !== undefined,
    attestationSettings: attestation,
    bot: bot !== undefined,
    botModel: bot && {
      settings: bot,
      reservedConcurrency: botConcurrency === 'none' ? undefined : botConcurrency,
    },
    administratorPolicies: [...new Set([...administratorPolicies(config.detections, accounts).values()].flat())].sort(),
    ...findingsExport(config),
    ...logFileModel(config, queueUrl),
    rulesEverywhere: detections.forwarding.length > 0,
    ...(settings.enabled.length > 0 && { responders: true, responding: { settings, rules } }),
    ownStackSets: own,
    ownPermissions: own.flatMap((stackSet) => ownPermissions(stackSet, config)),
  };
}

/** Where GuardDuty exports findings to, as far as stacks and roles have to know. */
function findingsExport({
  guardduty: { publishingDestinations = [] },
}: Config): Pick<OrganizationModel, 'findingsExport' | 'findingsExpireAfterDays'> {
  const own = publishingDestinations.find(({ create }) => create);
  const prefixes = publishingDestinations.flatMap(({ bucketArn }) => (bucketArn?.includes('/') ? [bucketArn] : []));
  return own || prefixes.length > 0
    ? { findingsExport: { own: own !== undefined, prefixes }, findingsExpireAfterDays: own?.expireAfterDays }
    : {};
}

/** Where log files lie, and what that asks of roles. */
function logFileModel(
  { detections: { logFiles }, securityAccount }: Config,
  queueUrl: (name: string) => string,
): Pick<OrganizationModel, 'logFileSource' | 'logFiles'> {
  if (logFiles === undefined) {
    return {};
  }
  const { bucket, bucketAccount = securityAccount, prefix, keyArn, topicArn } = logFiles;
  const ownTopic = topicArn?.split(':')[4] === securityAccount ? topicArn : undefined;
  return {
    logFileSource: {
      bucket,
      bucketAccount,
      prefix,
      keyArn,
      topicArn,
      queueUrl: queueUrl(resourceNames.logFileQueue),
      alertQueueUrl: queueUrl(resourceNames.alertQueue),
    },
    logFiles: { topicArn: ownTopic },
  };
}

/** What the execution role may do for a template of one's own, in the accounts that get it. */
function ownPermissions({ key, accountIds, permissions }: OwnStackSet, config: Config): OwnPermission[] {
  const kinds = new Set(accountIds.map((id) => kindOf(id, config)));
  return permissions.map(({ sid, actions, resources }) => ({
    sid: `Own${key.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())}${sid}`,
    actions,
    resources,
    kinds,
  }));
}

function kindOf(accountId: string, { managementAccount, securityAccount }: Config): AccountKind {
  return accountId === managementAccount ? 'management' : accountId === securityAccount ? 'security' : 'member';
}
