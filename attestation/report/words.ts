import type { Actor, AnswersAs, TicketCheck } from '../record/content';

/** Whoever answered or announced. */
export function actorName(actor: Actor | undefined): string {
  const { name, slackUser, principal } = actor ?? {};
  return name !== undefined && slackUser !== undefined
    ? `${name} (${slackUser})`
    : (name ?? slackUser ?? principal ?? '');
}

/** As whom somebody answered, in words; empty for the person themselves. */
export const asWords: Readonly<Record<AnswersAs, string>> = {
  person: '',
  substitute: 'in their place',
  anybody: 'where nobody was asked by name',
};

/** How a ticket fared, in words. */
export const ticketWords: Readonly<Record<TicketCheck, string>> = {
  none: '',
  pattern: 'of the right form',
  confirmed: 'confirmed',
  unconfirmed: 'could not be confirmed',
};

/** `2026-11-21 10:31` */
export function minute(iso: string | undefined): string {
  return (iso ?? '').slice(0, 16).replace('T', ' ');
}
