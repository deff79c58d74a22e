import type { Call, Json, ServiceName } from './plan';
import type { Look, Place, Statement } from './responder';

/** Temporary credentials, as SDK clients take them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Makes a call and gives its answer. Throws what the SDK throws. */
export type Send = (call: Call) => Promise<unknown>;

interface Client {
  send(command: object): Promise<unknown>;
}

type Sdk = Readonly<Record<string, new (input: object) => Client>>;

/** Each loads with its first call: EC2's alone is megabytes. The bundler leaves them to the runtime. */
const sdks: Readonly<Record<ServiceName, { readonly load: () => unknown; readonly client: string }>> = {
  ec2: { load: () => require('@aws-sdk/client-ec2'), client: 'EC2Client' },
  iam: { load: () => require('@aws-sdk/client-iam'), client: 'IAMClient' },
  guardduty: { load: () => require('@aws-sdk/client-guardduty'), client: 'GuardDutyClient' },
  cloudtrail: { load: () => require('@aws-sdk/client-cloudtrail'), client: 'CloudTrailClient' },
  s3: { load: () => require('@aws-sdk/client-s3'), client: 'S3Client' },
};

/** An answer that says in its body that some of it failed. */
class PartlyRefused extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** Calls AWS with these credentials; the SDK's standard chain without. One client for each service and region. */
export function sender(credentials?: Credentials | (() => Promise<Credentials>), maxAttempts = 3): Send {
  const clients = new Map<string, Client>();
  return async ({ service, operation, region, input }) => {
    const sdk = sdks[service].load() as Sdk;
    const key = `${service} ${region}`;
    const Client = sdk[sdks[service].client] as Sdk[string];
    // Path style serves buckets with dots in their names, too.
    const client =
      clients.get(key) ??
      new Client({ region, credentials, maxAttempts, ...(service === 's3' && { forcePathStyle: true }) });
    clients.set(key, client);
    const Command = sdk[`${operation}Command`] as Sdk[string];
    return whole(await client.send(new Command((input ?? {}) as object)));
  };
}

function whole(answer: unknown): unknown {
  const [error] = (answer as { Errors?: { Code?: string; Message?: string; Key?: string }[] }).Errors ?? [];
  if (error?.Code !== undefined) {
    throw new PartlyRefused(error.Code, `${error.Key ?? ''}: ${error.Message ?? ''}`);
  }
  return answer;
}

/** Reads through a sender. */
export function lookThrough(send: Send, place: Place): Look {
  return {
    place,
    read: async <Output>(call: { service: ServiceName; operation: string; input: Json }) => {
      try {
        return (await send({ ...call, region: place.region })) as Output;
      } catch (error) {
        throw error instanceof Error ? Object.assign(error, { refused: `${call.service}:${call.operation}` }) : error;
      }
    },
  };
}

/** Statements as a session policy: the most that a session may do, whatever its role may. */
export function sessionPolicy(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
