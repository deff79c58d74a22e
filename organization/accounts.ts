/** One row of `accounts.csv`, checked. */
export interface Account {
  /** Twelve digits, leading zeros kept. */
  readonly id: string;
  /** Root e-mail of the account: GuardDuty invitations are matched against it. */
  readonly email: string;
  readonly name?: string;
  /** Path of the organizational unit, such as `Workloads/Production`. */
  readonly ou?: string;
  /** Columns of one's own, by their header; without those that are empty in this row. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Line in the file, from 1, for messages. */
  readonly line: number;
}

/** One account in one region: the unit in which guards are counted. */
export interface Cell {
  readonly accountId: string;
  readonly region: string;
}
