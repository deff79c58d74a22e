/** Role that carries events from rules to the bus in the home region; part of the stack `garrison-security`. */
export const eventsRoleName = 'garrison-events';

/** Role of the function `garrison-notifier`; part of the stack `garrison-security`. */
export const notifierRoleName = 'garrison-notifier';

/** Role of the function `garrison-responder`; part of the stack `garrison-security`. */
export const responderFunctionRoleName = 'garrison-responder';

/** Role in every account that responders act as; part of the stack set `garrison-responder-roles`. */
export const responderRoleName = 'GarrisonResponder';
