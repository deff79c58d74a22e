import { randomInt } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

function random(length: number, letters = alphabet): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}

/** Ids as Organizations makes them. */
export const newId = {
  organization: () => `o-${random(10)}`,
  root: () => `r-${random(4)}`,
  /** Carries the root's own letters. */
  unit: (rootId: string) => `ou-${rootId.slice(2)}-${random(8)}`,
  policy: () => `p-${random(8)}`,
  resourcePolicy: () => `rp-${random(8)}`,
  handshake: () => `h-${random(32)}`,
  transfer: () => `rt-${random(8)}`,
  createAccountRequest: () => `car-${random(32)}`,
  /** Never starts with 0, so that spreadsheets do no harm. */
  account: () => `${random(1, '123456789')}${random(11, '0123456789')}`,
};
