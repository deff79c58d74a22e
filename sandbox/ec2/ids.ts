import { createHash, randomBytes } from 'node:crypto';

/** A new id as EC2 makes them today: prefix, `0`, sixteen hexadecimal digits. */
export function newId(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}

/** An id that is always the same for the same text: for what every account has in every region. */
export function fixedId(prefix: string, ...text: readonly string[]): string {
  const digest = createHash('sha256')
    .update([prefix, ...text].join('/'))
    .digest('hex');
  return `${prefix}-0${digest.slice(0, 16)}`;
}

/** Whether a text has the form of an id: eight digits of old or seventeen of today (fewer are let pass, as EC2 does). */
export function isId(prefix: string, text: string): boolean {
  return new RegExp(`^${prefix}-[0-9a-zA-Z]+$`).test(text);
}
