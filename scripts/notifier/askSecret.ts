import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';

const longest = 4_096;
const lines = new WeakMap<object, AsyncIterator<string>>();

/**
 * Asks for a secret: at a terminal without showing what is typed, otherwise the next line of standard input.
 *
 * @throws GarrisonError `secret.empty` or `secret.form`; never with the secret in it
 */
export async function askSecret(what: string, io: Io): Promise<string> {
  const answer = (io.stdin.isTTY ? await askHidden(what, io) : await nextLine(io)).trim();
  if (answer === '') {
    const remedy = 'Type it at the prompt, or give it on standard input: printf %s "$SECRET" | garrison secret …';
    throw new GarrisonError('secret.empty', `No secret was given for ${what}.`, remedy);
  }
  if (answer.length > longest || /\s/.test(answer)) {
    throw new GarrisonError(
      'secret.form',
      'The secret holds white space or is too long.',
      'Give the secret alone, on one line.',
    );
  }
  return answer;
}

async function askHidden(what: string, io: Io): Promise<string> {
  io.stderr.write(`${what}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: io.stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.question('', resolve);
      reader.once('SIGINT', () => reject(new GarrisonError('secret.empty', 'Interrupted.', 'Nothing was stored.')));
    });
  } finally {
    reader.close();
    io.stderr.write('\n');
  }
}

/** Commands that need two secrets read two lines. */
async function nextLine({ stdin }: Io): Promise<string> {
  const reader =
    lines.get(stdin) ?? createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  lines.set(stdin, reader);
  const { value, done } = await reader.next();
  return done === true ? '' : (value as string);
}
