import pc from 'picocolors';
import { type Change, changeText, documentDiff, type Target } from '../../guardrails';

/** What would change, for a person: each change, and under those of a document what they mean. */
export function changeLines(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    const lines = [`${mark(change)} ${clean(changeText(change))}`];
    if (change.kind === 'create') {
      lines.push(...diffLines(undefined, change.content));
    }
    if (change.kind === 'update') {
      if (change.targets.length > 0) {
        lines.push(pc.yellow(`    in force at once at ${targetNames(change.targets)}`));
      }
      lines.push(...diffLines(change.before, change.content));
    }
    return lines;
  });
}

/** Targets by name and id. */
export function targetNames(targets: readonly Target[]): string {
  return targets.map(({ id, name }) => clean(name === id ? id : `${name} (${id})`)).join(', ') || 'nowhere';
}

function diffLines(before: string | undefined, after: string): string[] {
  return documentDiff(before, after).map((line) => {
    const colour = line.trimStart().startsWith('+') ? pc.green : line.trimStart().startsWith('-') ? pc.red : pc.bold;
    return colour(`    ${clean(line)}`);
  });
}

function mark({ kind }: Change): string {
  return kind === 'detach' || kind === 'delete' ? pc.red('-') : kind === 'update' ? pc.yellow('~') : pc.green('+');
}

/** Names come from whoever created units and policies: they must not command the terminal. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
