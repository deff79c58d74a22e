/** The path of an organizational unit, such as `Workloads/Production`, without slashes around it. */
export function unitPath(path: string): string {
  return path.replace(/^\/|\/$/g, '');
}

/** Whether an account is in a unit or in one below it. `path` is that of the account's own unit; `undefined` at the root. */
export function isInUnit(path: string | undefined, unit: string): boolean {
  const [own, wanted] = [unitPath(path ?? ''), unitPath(unit)];
  return own === wanted || own.startsWith(`${wanted}/`);
}
