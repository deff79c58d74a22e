import { GarrisonError, GarrisonErrors } from '../../organization/errors';
import { quoted } from '../../organization/text';
import type { Io } from '../io';

const mostBytes = 1_000_000;

/**
 * Account ids from arguments; `-` stands for standard input, where they are divided by blanks, commas or lines, and `#`
 * starts a comment. Each comes once.
 *
 * @throws GarrisonErrors with everything that is no account id
 * @throws GarrisonError `option.accounts` when there is none
 */
export async function accountIds(given: readonly string[], io: Io): Promise<string[]> {
  const words: string[] = [];
  for (const argument of given) {
    words.push(...(argument === '-' ? await wordsOf(io) : [argument]));
  }
  const ids = [...new Set(words)];
  const problems = ids.filter((id) => !/^\d{12}$/.test(id)).map(notAnId);
  if (problems.length > 0) {
    throw new GarrisonErrors(problems);
  }
  if (ids.length === 0) {
    throw new GarrisonError('option.accounts', 'no account was given', 'Give account ids, or - and a list of them.');
  }
  return ids;
}

function notAnId(word: string): GarrisonError {
  return new GarrisonError('option.accounts', `${quoted(word)} is no account id`, 'An account id has 12 digits.');
}

async function wordsOf({ stdin }: Io): Promise<string[]> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > mostBytes) {
      throw new GarrisonError('option.accounts', 'standard input is longer than 1 MB', 'Give account ids alone.');
    }
  }
  return text
    .replace(/#.*$/gm, '')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}
