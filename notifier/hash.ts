import { createHash } from 'node:crypto';

/** 32 hexadecimal digits that stand for the parts, in their order and with their borders. */
export function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
