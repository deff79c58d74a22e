import type { Command } from 'commander';
import type { DestinationSettings, NotifierSettings, SecretReference } from '../notifier/settings';
import { GarrisonError } from '../organization/errors';
import type { Io } from './io';
import { askSecret } from './notifier/askSecret';
import { attestationSecrets } from './notifier/attestationSecrets';
import { checkSecret } from './notifier/checkSecret';
import { settingsFor } from './notifier/context';
import { describeReference } from './notifier/describeReference';
import { requireSecurityAccount } from './notifier/securityAccount';
import { encryptSecret, storeSecret } from './notifier/storeSecret';
import { type CommonOptions, withCommonOptions } from './options';

interface SecretOptions extends CommonOptions {
  readonly key: string;
  readonly check: boolean;
}

/** `garrison secret set | rotate | encrypt`: secrets come from a prompt or standard input, never from an argument. */
export function register(program: Command, io: Io): void {
  const secret = program
    .command('secret')
    .description("The destinations' secrets: webhook addresses, tokens, keys. Never given as an argument.");
  add(secret, 'set', 'Store the secret of a destination where the configuration says that it lies.', io, set);
  add(
    secret,
    'rotate',
    'Store a new secret after having tried it; the notifier reads it when the old one is revoked.',
    io,
    rotate,
  );
  add(secret, 'encrypt', 'Print a KMS ciphertext, which may be committed to version control.', io, encrypt);
}

type Action = (destination: string, options: SecretOptions, command: Command, io: Io) => Promise<void>;

function add(parent: Command, name: string, description: string, io: Io, action: Action): void {
  const command = parent
    .command(name)
    .description(description)
    .argument(
      '[destination]',
      'name of the destination in garrison.yaml; for set also signing-secret and ticket-webhook',
      'slack',
    );
  withCommonOptions(command)
    .option('--key <key>', "KMS key: alias, id or ARN; the account's own when it has no such alias", 'alias/garrison')
    .option('--no-check', 'do not try the new secret first (rotate)')
    .action((destination: string, options: SecretOptions) => action(destination, options, command, io));
}

async function set(name: string, options: SecretOptions, command: Command, io: Io): Promise<void> {
  const settings = settingsFor(command);
  for (const reference of attestationSecrets(name, command) ?? referencesOf(name, settings)) {
    const value = await askSecret(`${name}: ${describeReference(reference)}`, io);
    await requireSecurityAccount(settings);
    await keep(name, reference, value, { options, settings, io });
  }
}

async function rotate(name: string, options: SecretOptions, command: Command, io: Io): Promise<void> {
  const settings = settingsFor(command);
  const described = destinationOf(name, settings);
  for (const reference of referencesOf(name, settings)) {
    const value = await askSecret(`new secret of ${name}`, io);
    await requireSecurityAccount(settings);
    if (options.check) {
      await checkSecret(described, value, settings);
    }
    await keep(name, reference, value, { options, settings, io });
  }
  io.stderr.write('Now revoke the old one: the notifier reads the new one as soon as the old one is refused.\n');
}

async function encrypt(_: string, options: SecretOptions, command: Command, io: Io): Promise<void> {
  const settings = settingsFor(command);
  const value = await askSecret('the secret to encrypt', io);
  await requireSecurityAccount(settings);
  const ciphertext = await encryptSecret(value, options.key, settings.homeRegion);
  io.stdout.write(options.json ? `${JSON.stringify({ ciphertext })}\n` : `${ciphertext}\n`);
}

/** Stores a secret, or prints its ciphertext when that is how the configuration keeps it. */
async function keep(
  name: string,
  reference: SecretReference,
  value: string,
  { options, settings, io }: { options: SecretOptions; settings: NotifierSettings; io: Io },
): Promise<void> {
  if (reference.kind === 'ciphertext') {
    const ciphertext = await encryptSecret(value, options.key, settings.homeRegion);
    io.stderr.write(`Put this ciphertext in the place of ${name}'s old one in garrison.yaml and run garrison apply.\n`);
    io.stdout.write(options.json ? `${JSON.stringify({ destination: name, ciphertext })}\n` : `${ciphertext}\n`);
    return;
  }
  const { place } = await storeSecret(reference, value, options.key, settings.homeRegion);
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok: true, destination: name, stored: place })}\n`);
  } else {
    io.stdout.write(`Stored in ${place}.\n`);
  }
}

function destinationOf(name: string, settings: NotifierSettings): DestinationSettings {
  const described = Object.hasOwn(settings.destinations, name) ? settings.destinations[name] : undefined;
  if (described === undefined) {
    const known = Object.keys(settings.destinations).join(', ');
    throw new GarrisonError(
      'secret.destination',
      `There is no destination ${name}.`,
      `Known in garrison.yaml: ${known}.`,
    );
  }
  return described;
}

function referencesOf(name: string, settings: NotifierSettings): readonly SecretReference[] {
  const described = destinationOf(name, settings);
  if (described.type === 'sns') {
    throw new GarrisonError('secret.none', `${name} is an SNS topic and has no secret.`, 'There is nothing to store.');
  }
  return described.type === 'signed-webhook' ? [described.url, described.signingKey] : [described.secret];
}
