import type { SecretReference } from '../settings';
import { asDeliveryError } from './errors';

/** Fetches a secret's current value. */
export type FetchSecret = (reference: SecretReference) => Promise<string>;

/** A secret could not be read. The message names where it should be, never what it is. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
  readonly code = 'notifier.secret.unreadable';

  constructor(reference: SecretReference, options?: { cause?: unknown }) {
    // Kind and name; of a ciphertext the beginning tells which.
    const which = Object.values(reference).join(' ').slice(0, 80);
    super(`The secret (${which}) cannot be read: ${causeName(options?.cause)}.`);
  }
}

/** Secrets of a warm function: each is fetched once, and again when its destination says that it is revoked. */
export class Secrets {
  private readonly values = new Map<string, Promise<string>>();

  constructor(private readonly fetchSecret: FetchSecret) {}

  /**
   * Runs `use` with the secret; when that finds it revoked, fetches it anew and, if it has changed, runs `use` again.
   *
   * @throws SecretUnreadable
   */
  async with<Result>(reference: SecretReference, use: (secret: string) => Promise<Result>): Promise<Result> {
    const secret = await this.read(reference);
    try {
      return await use(secret);
    } catch (error) {
      if (asDeliveryError(error)?.failure !== 'revoked') {
        throw error;
      }
      this.values.delete(keyOf(reference));
      const fresh = await this.read(reference);
      if (fresh === secret) {
        throw error;
      }
      return use(fresh);
    }
  }

  private async read(reference: SecretReference): Promise<string> {
    const key = keyOf(reference);
    const value = this.values.get(key) ?? this.fetchSecret(reference);
    this.values.set(key, value);
    try {
      return (await value).trim();
    } catch (cause) {
      this.values.delete(key);
      throw new SecretUnreadable(reference, { cause });
    }
  }
}

function keyOf(reference: SecretReference): string {
  return JSON.stringify(reference);
}

/** AWS's name for an error, such as `ParameterNotFound`: its text may quote more than a log should hold. */
function causeName(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown error';
}
