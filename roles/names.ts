/** Role that carries events from rules to the bus in the home region; part of the stack `garrison-security`. */
export const eventsRoleName = 'garrison-events';

/** Role of the function `garrison-notifier`; part of the stack `garrison-security`. */
export const notifierRoleName = 'garrison-notifier';

/** Role of the function `garrison-log-files`; part of the stack `garrison-security`. */
export const logFilesRoleName = 'garrison-log-files';

/** Role of the function `garrison-responder`; part of the stack `garrison-security`. */
export const responderFunctionRoleName = 'garrison-responder';

/** Role of the function `garrison-attestation`; part of the stack `garrison-security`. */
export const attestationFunctionRoleName = 'garrison-attestation';

/** Role of the function `garrison-bot`, which Slack calls; part of the stack `garrison-security`. */
export const botFunctionRoleName = 'garrison-bot';

/** Role of the function `garrison-bot-worker`, which records what people answer in Slack; as above. */
export const botWorkerRoleName = 'garrison-bot-worker';

/** Those that may add to the record of the use of privileges. */
export const attestationRoleNames = [attestationFunctionRoleName, botWorkerRoleName] as const;

/** Role in every account that responders act as; part of the stack set `garrison-responder-roles`. */
export const responderRoleName = 'GarrisonResponder';
