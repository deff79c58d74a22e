/**
 * The function's log: one JSON line each, with identifiers only. Nothing that an event's author wrote, no addresses
 * and no secrets.
 */
export type Log = (
  level: 'info' | 'warning' | 'error',
  code: string,
  ids?: Readonly<Record<string, string | number | undefined>>,
) => void;

/** Writes to the console, which is CloudWatch Logs in Lambda. */
export const consoleLog: Log = (level, code, ids = {}) => {
  // biome-ignore lint/suspicious/noConsole: a Lambda function's console is its log.
  console.log(JSON.stringify({ level, code, ...ids }));
};
