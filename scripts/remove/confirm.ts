import { createInterface } from 'node:readline';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';

/**
 * Asks whether to go on, on standard error. `yes` answers for a script.
 *
 * @throws GarrisonError `confirm.needed` when nobody can be asked, `confirm.declined`
 */
export async function confirm(question: string, yes: boolean, io: Io): Promise<void> {
  if (yes) {
    return;
  }
  if (!io.stdin.isTTY) {
    throw new GarrisonError(
      'confirm.needed',
      'Nobody can be asked: standard input is no terminal. Nothing was changed',
      'Read above what would change; then run the command again with --yes.',
    );
  }
  const reader = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await new Promise<string>((resolve) => {
      reader.once('close', () => resolve(''));
      reader.question(`${question} Type yes to go on: `, resolve);
    });
    if (answer.trim().toLowerCase() !== 'yes') {
      throw new GarrisonError('confirm.declined', 'Nothing was changed', 'Type yes to go on.');
    }
  } finally {
    reader.close();
  }
}
