import pc from 'picocolors';
import { type Change, changeText, documentDiff, type Target } from '../../guardrails';

/** Policies of a target before and after, as documents. */
export interface Documents {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What would be done, for a person, and what it means for whoever is held there. */
export function changeLines(changes: readonly Change[], documents?: Documents): string[] {
  return [
    ...changes.map((change) => `${mark(change)} ${clean(changeText(change))}`),
    ...(documents ? documentDiff(documents.before, documents.after).map(coloured) : []),
  ];
}

/** Targets by name and id. */
export function targetNames(targets: readonly Target[]): string {
  return targets.map(({ id, name }) => clean(name === id ? id : `${name} (${id})`)).join(', ') || 'nowhere';
}

/** A target as an option takes it. */
export function targetOption({ id, kind, name }: Target): string {
  return kind === 'unit' && name !== '' ? JSON.stringify(clean(name)) : id;
}

function coloured(line: string): string {
  const sign = line.trimStart()[0];
  const colour = sign === '+' ? pc.green : sign === '-' ? pc.red : pc.bold;
  return colour(`    ${clean(line)}`);
}

function mark({ kind }: Change): string {
  return kind === 'detach' || kind === 'delete' ? pc.red('-') : pc.green('+');
}

/** Names come from whoever created units and policies: they must not command the terminal. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
