import type { TicketCheck } from '../record/content';
import type { AnswerRefusal } from './answer';
import type { AttestationTools } from './tools';

/** Why a ticket is not taken. */
export interface TicketRefusal {
  readonly reason: Extract<AnswerRefusal, 'ticketMissing' | 'ticketMalformed' | 'ticketUnknown'>;
  readonly text: string;
}

/**
 * Checks a ticket against the pattern, and asks the webhook where there is one. A webhook that does not answer in time
 * is no reason to lose an answer: the ticket is then kept as unconfirmed.
 */
export async function checkTicket(
  ticket: string | undefined,
  slackUser: string | undefined,
  {
    settings,
    askTicket,
  }: { readonly settings: Pick<AttestationTools['settings'], 'ticket'> } & Pick<AttestationTools, 'askTicket'>,
): Promise<TicketCheck | TicketRefusal> {
  const { required, pattern, webhook } = settings.ticket;
  if (ticket === undefined) {
    return required ? { reason: 'ticketMissing', text: 'A ticket belongs to it.' } : 'none';
  }
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(ticket)) {
    return { reason: 'ticketMalformed', text: `A ticket here looks like this: ${pattern}` };
  }
  if (webhook === undefined) {
    return pattern === undefined ? 'none' : 'pattern';
  }
  const verdict = await askTicket(ticket, slackUser);
  if (verdict.kind === 'unknown') {
    return { reason: 'ticketUnknown', text: verdict.text ?? 'There is no such ticket, or it is closed.' };
  }
  return verdict.kind === 'known' ? 'confirmed' : 'unconfirmed';
}

/** The most of a text that is searched: a pattern of the operators' own runs over a stranger's words. */
const longestSearched = 2_000;

/**
 * Purpose and ticket of an answer in somebody's own words: the first word that has the form of a ticket is one. The
 * purpose stays as it was written.
 */
export function fromFreeText(
  text: string,
  { pattern }: AttestationTools['settings']['ticket'],
): { readonly purpose: string; readonly ticket?: string } {
  const whole = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u');
  const words = text.slice(0, longestSearched).split(/[\s,;()[\]<>|]+/u);
  const ticket = whole && words.map((word) => word.replace(/[.:!?]+$/u, '')).find((word) => whole.test(word));
  return { purpose: text, ...(ticket === undefined ? {} : { ticket }) };
}
