import { english } from './english';
import { japanese } from './japanese';

/** A use of a privilege, in markup that is escaped already. */
export interface UseWords {
  readonly who: string;
  readonly role: string;
  readonly place: string;
  readonly time: string;
  /** The call by which it began. */
  readonly by?: string;
  readonly from?: string;
}

/** All that questions say in one language. Texts come in escaped, and go out so. */
export interface AttestationWords {
  readonly rootUser: string;
  readonly somebody: string;
  /** The question itself. */
  readonly wanted: string;
  readonly wantedWithTicket: string;
  readonly purpose: string;
  readonly ticket: string;
  hint(until: string): string;
  used(use: UseWords): string;
  rootUsed(use: Omit<UseWords, 'who' | 'by'>): string;
  /** One of several uses. */
  listed(time: string, role: string, place: string): string;
  uses(count: number): string;
  more(count: number): string;
  reminder(whom: string, what: string, uses: number): string;
  escalation(whom: string, asked: string, at: string): string;
  answered(asked: string, by: string, as: 'person' | 'substitute' | 'anybody'): string;
  version(number: number): string;
  ticketCheck(check: 'confirmed' | 'unconfirmed'): string;
  summary(day: Summary): string;
  /** Who approved or declined a response. */
  decided(action: 'approve' | 'decline', whom: string): string;
  /** The bot's labels and sentences, as they are written in its code. */
  sentence(written: string): string;
}

/** What a day's summary counts. */
export interface Summary {
  readonly day: string;
  readonly since: number;
  readonly uses: number;
  readonly questions: number;
  readonly answers: number;
  readonly open: number;
  /** The end of the record. */
  readonly end: string;
}

/** The words of a language; English unless another is asked for. */
export function attestationWords({ language }: { readonly language?: 'en' | 'ja' }): AttestationWords {
  return language === 'ja' ? japanese : english;
}
