import { accessKeyId, secretKey, sessionToken } from './ids';
import type { Caller } from './service';

/** An access key of this world and whom it speaks for. */
export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accountId: string;
  /** Temporary credentials need theirs in every request. */
  readonly sessionToken?: string;
  readonly expiresAt?: Date;
  /** `undefined` when the key is inactive or its user is gone. */
  caller(): Caller | undefined;
}

/** All access keys of one world: long-term keys that IAM registers and sessions that STS mints. */
export class KeyRing {
  private readonly keys = new Map<string, Key>();

  find(id: string): Key | undefined {
    return this.keys.get(id);
  }

  add(key: Key): void {
    this.keys.set(key.accessKeyId, key);
  }

  remove(id: string): void {
    this.keys.delete(id);
  }

  /** Temporary credentials for a session. */
  mint(caller: Caller, expiresAt: Date): Key {
    const id = accessKeyId('ASIA', caller.accountId);
    const session: Caller = { ...caller, accessKeyId: id };
    const key: Key = {
      accessKeyId: id,
      secretAccessKey: secretKey(),
      accountId: caller.accountId,
      sessionToken: sessionToken(),
      expiresAt,
      caller: () => session,
    };
    this.add(key);
    return key;
  }

  /** Forgets sessions that ended before `moment`. */
  sweep(moment: Date): void {
    for (const key of this.keys.values()) {
      if (key.expiresAt && key.expiresAt < moment) {
        this.keys.delete(key.accessKeyId);
      }
    }
  }
}
