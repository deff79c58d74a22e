import pc from 'picocolors';
import { roleAsKnown } from '../../attestation/people/role';
import type { Question } from '../../attestation/questions/question';
import type { Entry } from '../../attestation/record/chain';
import type { UseContent } from '../../attestation/record/content';

/** A question without an answer. */
export interface PendingRow {
  readonly question: string;
  readonly person: string;
  readonly asked: string;
  readonly waitingHours: number;
  readonly account: string;
  readonly accountName?: string;
  readonly role?: string;
  readonly uses: number;
  readonly reminders: number;
  readonly escalated: boolean;
}

interface Around {
  readonly accounts: readonly { readonly id: string; readonly name?: string }[];
  readonly now: Date;
}

/** Open questions, the oldest first. */
export function pendingOf(
  questions: readonly Question[],
  entries: readonly Entry[],
  { accounts, now }: Around,
): PendingRow[] {
  const uses = new Map<string, UseContent[]>();
  for (const { content } of entries) {
    if (content.kind === 'use' && content.question !== undefined) {
      uses.set(content.question, [...(uses.get(content.question) ?? []), content]);
    }
  }
  return questions.map(({ id, asked, steps }) => {
    const own = uses.get(id) ?? [];
    const [first] = own;
    return {
      question: id,
      person: asked.person.email ?? asked.person.name,
      asked: asked.at,
      waitingHours: Math.round((now.getTime() - Date.parse(asked.at)) / 360_000) / 10,
      account: first?.account ?? '',
      accountName: accounts.find(({ id: known }) => known === first?.account)?.name,
      role: first?.role,
      uses: own.length,
      reminders: steps.filter(({ kind }) => kind === 'reminder').length,
      escalated: steps.some(({ kind }) => kind === 'escalation'),
    };
  });
}

/** For a person at a terminal. */
export function pendingTable(rows: readonly PendingRow[]): string {
  if (rows.length === 0) {
    return 'Every question has its answer.\n';
  }
  const head = ['asked (UTC)', 'person', 'account', 'role', 'uses', 'reminded', 'question'];
  const cells = rows.map(({ asked, person, account, accountName, role, uses, reminders, escalated, question }) => [
    asked.slice(0, 16).replace('T', ' '),
    person,
    accountName ?? account,
    roleAsKnown(role ?? 'root'),
    String(uses),
    escalated ? `${reminders}, escalated` : String(reminders),
    question,
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const count = rows.length === 1 ? '1 question is' : `${rows.length} questions are`;
  return `${[pc.dim(line(head)), ...cells.map(line)].join('\n')}\n${count} without an answer.\n`;
}
