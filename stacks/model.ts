import type { BotSettings } from '../attestation/bot/settings';
import type { AttestationSettings } from '../attestation/settings';
import type { DetectionRules } from '../detections/rollout';
import type { NotifierSettings } from '../notifier/settings';
import type { OperationsConfiguration } from '../organization/config/operations';
import type { OwnStackSet } from '../organization/ownStackSets';
import type { RespondingSettings } from '../responders/settings';
import type { RoleContext } from '../roles';
import type { ResponseRules } from './responders/rules';

/** What the stacks are made from: the configuration and the list of accounts, read and checked. */
export interface OrganizationModel extends RoleContext {
  /** Regions that are guarded. */
  readonly regions: readonly string[];
  readonly accountIds: readonly string[];
  /** Accounts whose own administrators create the stack of execution roles: they read its template. */
  readonly linkAccountIds?: readonly string[];
  /** How stack set operations go about it. */
  readonly operations: OperationsConfiguration;
  /** Findings below never leave their region. */
  readonly minimumSeverity: number;
  readonly notifier: NotifierSettings;
  /** Whether responders or attestation speak under alerts. */
  readonly followUps: boolean;
  /** Who is told by e-mail when the notifier itself fails. */
  readonly alarmEmails: readonly string[];
  /** Rules of the detections that are rolled out. */
  readonly detections: DetectionRules;
  /** Where log files lie in which detections look; absent when that is off. */
  readonly logFileSource?: LogFileModel;
  /** Templates of one's own that are rolled out beside ours. */
  readonly ownStackSets: readonly OwnStackSet[];
  /** What the functions of the attestation know; absent when it is off. */
  readonly attestationSettings?: AttestationSettings;
  /** Slack's way in; absent when nothing is on that Slack would have to call. */
  readonly botModel?: BotModel;
  /** Responders; absent where none is rolled out. */
  readonly responding?: Responding;
  /** Days after which findings expire in a bucket that Garrison makes; they stay for ever when absent. */
  readonly findingsExpireAfterDays?: number;
  /** Id of the AWS organization; absent outside of one, and where nobody has asked. */
  readonly organizationId?: string;
}

/** The functions that Slack calls. */
export interface BotModel {
  readonly settings: BotSettings;
  /** How many of the function behind the URL run at a time; as many as the account has when absent. */
  readonly reservedConcurrency?: number;
}

/** Output of the stack `garrison-security`: address of the function that Slack calls. */
export const requestUrlOutput = 'SlackRequestUrl';

/** What answers to events by itself. */
export interface Responding {
  readonly settings: RespondingSettings;
  readonly rules: ResponseRules;
}

/** A bucket of log files, and where alerts about them go. */
export interface LogFileModel {
  readonly bucket: string;
  readonly bucketAccount: string;
  readonly prefix: string;
  readonly keyArn?: string;
  readonly topicArn?: string;
  /** Of the queue in which files are announced. */
  readonly queueUrl: string;
  readonly alertQueueUrl: string;
}

/** Names of what stands in the security account's home region: the contract with docs/architecture.md. */
export const resourceNames = {
  bus: 'garrison',
  alertQueue: 'garrison-alerts',
  deadLetterQueue: 'garrison-alerts-dead-letter',
  notifier: 'garrison-notifier',
  alertTable: 'garrison-alerts',
  keyAlias: 'alias/garrison',
  findingsRule: 'garrison-findings',
  deadLetterAlarm: 'garrison-alerts-dead-letter',
  heartbeatAlarm: 'garrison-heartbeat',
  alarmTopic: 'garrison-alarms',
  selfTestRule: 'garrison-self-test',
  logFiles: 'garrison-log-files',
  logFileQueue: 'garrison-log-files',
  logFileDeadLetterQueue: 'garrison-log-files-dead-letter',
  logFileDeadLetterAlarm: 'garrison-log-files-dead-letter',
  logFileTable: 'garrison-log-files',
  responder: 'garrison-responder',
  responseQueue: 'garrison-responses',
  responseDeadLetterQueue: 'garrison-responses-dead-letter',
  responseDeadLetterAlarm: 'garrison-responses-dead-letter',
  responseTable: 'garrison-responses',
  attestation: 'garrison-attestation',
  bot: 'garrison-bot',
  botWorker: 'garrison-bot-worker',
  botTable: 'garrison-bot',
  botQueue: 'garrison-bot',
  botDeadLetterQueue: 'garrison-bot-dead-letter',
  botDeadLetterAlarm: 'garrison-bot-dead-letter',
  questionQueue: 'garrison-questions',
  questionDeadLetterQueue: 'garrison-questions-dead-letter',
  questionDeadLetterAlarm: 'garrison-questions-dead-letter',
  attestationTimerRule: 'garrison-attest-timer',
  findingsKeyAlias: 'alias/garrison-findings',
  recordTable: 'garrison-attestation',
  recordKeyAlias: 'alias/garrison-attestation',
} as const;

/** Stack of the record of the use of privileges: it stays when all else is taken out. */
export const recordStackName = 'garrison-record';

/** Stack of the bucket and key that findings are exported to: it stays when all else is taken out. */
export const findingsStackName = 'garrison-findings';

/** Output of the stack `garrison-findings`: ARN of its key. */
export const findingsKeyOutput = 'KeyArn';

/** Names of the stack sets. Execution roles are held to stacks that begin with `StackSet-garrison-`. */
export const stackSetNames = {
  memberRoles: 'garrison-member-roles',
  detectors: 'garrison-detectors',
  eventRules: 'garrison-event-rules',
  detectionRules: 'garrison-detection-rules',
  responderRoles: 'garrison-responder-roles',
} as const;

/** Where the assets of the security account's stacks lie. */
export function assetsBucketName(accountId: string, region: string): string {
  return `garrison-assets-${accountId}-${region}`;
}

/** ARN of the bus to which every region sends. */
export function busArn({ partition, homeRegion, securityAccountId }: RoleContext): string {
  return `arn:${partition}:events:${homeRegion}:${securityAccountId}:event-bus/${resourceNames.bus}`;
}
