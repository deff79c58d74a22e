import { parsePolicy } from './policyDocuments';

/** A statement, or one action of it, that IAM is to overlook in the policies of roles of a name. */
export interface Withheld {
  /** The role's name, whatever its path. */
  readonly role: string;
  readonly sid: string;
  /** As the statement writes it; the whole statement unless given. */
  readonly action?: string;
  /** In these accounts only. */
  readonly accounts?: readonly string[];
}

interface Statement {
  readonly Sid?: string;
  readonly Action?: string | readonly string[];
}

/** The document without what is withheld; the very same text when it has no such statement. */
export function withoutStatement(document: string, { sid, action }: Pick<Withheld, 'sid' | 'action'>): string {
  if (!document.includes(`"${sid}"`)) {
    return document;
  }
  const whole = parsePolicy(document);
  const Statement = ([whole.Statement].flat() as Statement[]).flatMap((statement) =>
    statement.Sid === sid ? rest(statement, action) : [statement],
  );
  return JSON.stringify({ ...whole, Statement });
}

function rest(statement: Statement, action: string | undefined): Statement[] {
  const Action = [statement.Action ?? []].flat().filter((other) => action !== undefined && other !== action);
  return Action.length === 0 ? [] : [{ ...statement, Action }];
}

/** What is withheld in a world: policies stay as they are, and IAM decides as if they said less. */
export class WithheldStatements {
  private readonly all: Withheld[] = [];

  add(withheld: Withheld): void {
    this.all.push(withheld);
  }

  clear(): void {
    this.all.length = 0;
  }

  /** A role's policies, as IAM is to see them. */
  apply(roleArn: string | undefined, policies: readonly string[]): readonly string[] {
    if (this.all.length === 0 || roleArn === undefined) {
      return policies;
    }
    const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const accountId = roleArn.split(':')[4] ?? '';
    const here = this.all.filter(({ role, accounts }) => role === name && (accounts?.includes(accountId) ?? true));
    return here.reduce<readonly string[]>((left, one) => left.map((text) => withoutStatement(text, one)), policies);
  }
}
