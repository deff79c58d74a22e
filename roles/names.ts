/** Role that carries events from rules to the bus in the home region; part of the stack `garrison-security`. */
export const eventsRoleName = 'garrison-events';

/** Role of the function `garrison-notifier`; part of the stack `garrison-security`. */
export const notifierRoleName = 'garrison-notifier';
