/**
 * Slack's limits that texts are cut to, in UTF-16 code units, counted after escaping. Beyond one of them the whole
 * message is refused. All limits of Block Kit are in `test/notifier/blockKit.ts`, which checks every message.
 */
export const limits = { header: 150, sectionFields: 10 } as const;
