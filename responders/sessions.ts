import type { Place, Responder } from './responder';
import { type Credentials, type Send, sender, sessionPolicy } from './send';
import type { RespondingSettings } from './settings';

/** Acts in an account as one responder: with that responder's permissions, in that region, and no others. */
export type Sessions = (responder: Pick<Responder, 'id' | 'statements'>, place: Place) => Send;

type Sts = typeof import('@aws-sdk/client-sts');

/** Seconds that credentials hold: the shortest that STS gives. */
const duration = 900;
const margin = 120_000;

/**
 * Sessions of `GarrisonResponder`, kept by a warm function until shortly before they end.
 *
 * @param maxAttempts of the SDK; what still fails after them comes again through the queue
 */
export function newSessions(settings: Pick<RespondingSettings, 'homeRegion' | 'role'>, maxAttempts = 3): Sessions {
  const known = new Map<string, Send>();
  return (responder, place) => {
    const key = `${responder.id} ${place.accountId} ${place.region}`;
    const send =
      known.get(key) ??
      sender(
        renewing(() => assume(responder, place, settings)),
        maxAttempts,
      );
    known.set(key, send);
    return send;
  };
}

function renewing(fetch: () => Promise<Credentials>): () => Promise<Credentials> {
  let current: Promise<Credentials> | undefined;
  let ends = 0;
  return () => {
    if (current === undefined || Date.now() > ends - margin) {
      ends = Date.now() + duration * 1_000;
      current = fetch().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
    }
    return current;
  };
}

let client: InstanceType<Sts['STSClient']> | undefined;

async function assume(
  responder: Pick<Responder, 'id' | 'statements'>,
  place: Place,
  { homeRegion, role }: Pick<RespondingSettings, 'homeRegion' | 'role'>,
): Promise<Credentials> {
  const { STSClient, AssumeRoleCommand } = require('@aws-sdk/client-sts') as Sts;
  client ??= new STSClient({ region: homeRegion });
  const { Credentials: given } = await client.send(
    new AssumeRoleCommand({
      RoleArn: `arn:${place.partition}:iam::${place.accountId}:role${role}`,
      RoleSessionName: `garrison-${responder.id}`,
      DurationSeconds: duration,
      Policy: sessionPolicy(responder.statements(place)),
    }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken,
    expiration: given?.Expiration,
  };
}
