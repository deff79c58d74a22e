import {
  attestationFunctionRoleName,
  botFunctionRoleName,
  botWorkerRoleName,
  eventsRoleName,
  logFilesRoleName,
  notifierRoleName,
  responderFunctionRoleName,
} from '../names';

/** Names of what the stack `garrison-security` holds, for itself or for a feature that is on. */
export interface Owned {
  readonly queues: readonly string[];
  readonly tables: readonly string[];
  /** Whether items of the tables go by themselves: the record's stay. */
  readonly tablesForget: boolean;
  /** What the command reads in the tables. */
  readonly tableReads?: readonly string[];
  readonly functions: readonly string[];
  /** Roles that functions run as. */
  readonly functionRoles: readonly string[];
  readonly otherRoles: readonly string[];
  /** Ids of the statements that allow it. */
  readonly sids: Readonly<
    Record<'queues' | 'table' | 'functions' | 'eventSource' | 'logs' | 'roles' | 'passRoles', string>
  >;
}

/** What is there whatever is on. */
export const ownedAlways: Owned = {
  queues: ['garrison-alerts', 'garrison-alerts-dead-letter'],
  tables: ['garrison-alerts'],
  tablesForget: true,
  // A drill reads there that its finding was announced.
  tableReads: ['dynamodb:GetItem'],
  functions: ['garrison-notifier'],
  functionRoles: [notifierRoleName],
  otherRoles: [eventsRoleName],
  sids: {
    queues: 'Queues',
    table: 'AlertTable',
    functions: 'Function',
    eventSource: 'EventSource',
    logs: 'FunctionLogs',
    roles: 'OwnRoles',
    passRoles: 'PassNotifierRole',
  },
};

/** What the route of log files adds. */
export const ownedByLogFiles: Owned = {
  queues: ['garrison-log-files', 'garrison-log-files-dead-letter'],
  tables: ['garrison-log-files'],
  tablesForget: true,
  functions: ['garrison-log-files'],
  functionRoles: [logFilesRoleName],
  otherRoles: [],
  sids: sidsOf('LogFiles'),
};

/** What responders add. */
export const ownedByResponders: Owned = {
  queues: ['garrison-responses', 'garrison-responses-dead-letter'],
  tables: ['garrison-responses'],
  tablesForget: true,
  functions: ['garrison-responder'],
  functionRoles: [responderFunctionRoleName],
  otherRoles: [],
  sids: sidsOf('Responder'),
};

/** What the attestation adds: what people answer goes through a queue to a function of its own. */
export const ownedByAttestation: Owned = {
  queues: ['garrison-questions', 'garrison-questions-dead-letter', 'garrison-bot', 'garrison-bot-dead-letter'],
  tables: ['garrison-attestation'],
  tablesForget: false,
  functions: ['garrison-attestation', 'garrison-bot-worker'],
  functionRoles: [attestationFunctionRoleName, botWorkerRoleName],
  otherRoles: [],
  sids: sidsOf('Attestation'),
};

/** What the function adds that Slack calls. */
export const ownedByBot: Owned = {
  queues: [],
  tables: ['garrison-bot'],
  tablesForget: true,
  functions: ['garrison-bot'],
  functionRoles: [botFunctionRoleName],
  otherRoles: [],
  sids: sidsOf('Bot'),
};

function sidsOf(feature: string): Owned['sids'] {
  return {
    queues: `${feature}Queues`,
    table: `${feature}Table`,
    functions: `${feature}Functions`,
    eventSource: `${feature}EventSource`,
    logs: `${feature}Logs`,
    roles: `${feature}Roles`,
    passRoles: `Pass${feature}Roles`,
  };
}
