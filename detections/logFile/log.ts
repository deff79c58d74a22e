/** The function's log: one JSON line each. Names of files and figures, nothing that a record says. */
export function log(level: 'info' | 'warning' | 'error', entry: Readonly<Record<string, unknown>>): void {
  // biome-ignore lint/suspicious/noConsole: a Lambda function's console is its log.
  console.log(JSON.stringify({ level, ...entry }));
}
