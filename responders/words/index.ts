import type { Outcome } from '../response';
import { english } from './english';
import { japanese } from './japanese';

/** All that reports say in one language. Texts come in escaped, and go out so. */
export interface ReportWords {
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly delayed: string;
  readonly stillWaits: string;
  readonly undone: string;
  readonly undonePartly: string;
  /** In front of a list. */
  readonly done: string;
  readonly settled: string;
  readonly notDone: string;
  readonly skipped: string;
  readonly because: string;
  readonly toDo: string;
  readonly would: string;
  readonly error: string;
  readonly undo: string;
  readonly by: string;
  readonly notUndone: string;
  readonly approve: string;
  readonly decline: string;
  readonly cannotBeUndone: string;
  readonly conflict: string;
  head(title: string, strategy: string, what: string): string;
  on(kind: string, resource: string, accountId: string, region: string): string;
  askedUntil(date: string): string;
  mayNotDecide(name: string): string;
  decided(action: 'approve' | 'decline', name: string): string;
  notTrusted(accountId: string): string;
  denied(accountId: string): string;
  more(count: number): string;
  /** A responder's title, and whatever it writes: what it does, why, and what is left to people. */
  sentence(written: string): string;
}

/** The words of a language; English unless another is asked for. */
export function reportWords(language: 'en' | 'ja' = 'en'): ReportWords {
  return language === 'ja' ? japanese : english;
}
