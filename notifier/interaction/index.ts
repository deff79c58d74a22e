/**
 * What is behind the buttons of an alert that the Slack app answers: pure functions from a click's value to the view
 * that is opened. Whoever listens to Slack (`attestation/bot/`) calls them.
 */
export { type AlertRecord, alertRecordKey, readAlertRecord } from './alertRecord';
export { type InteractionContext, jsonAction, jsonView } from './jsonView';
export { type SilenceAnswer, silenceAction, silenceAnswer, silenceForm, silenceView } from './silenceView';
