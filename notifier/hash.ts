/** 32 hexadecimal digits that stand for the parts, in their order and with their borders. `node:crypto` loads with the first. */
export function digest(parts: readonly string[]): string {
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
