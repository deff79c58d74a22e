import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { explain } from './failures';

/** Access keys with their end; what SDK clients take as a credential provider's answer. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** What SDK clients are made with. */
export interface ClientOptions {
  readonly region: string;
  /** Absent for the standard chain: environment, profile, SSO, OIDC, instance role. */
  readonly credentials?: () => Promise<SessionCredentials>;
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: number;
  readonly retryMode: 'standard' | 'adaptive';
}

/** Acting in one account: makes clients for any of its regions, all on the same credentials. */
export interface Session {
  readonly accountId: string;
  readonly homeRegion: string;
  /** One client for each kind and region, made when it is first asked for. */
  client<C>(kind: ClientClass<C>, region: string): C;
  /** Waits until credentials are there; throws what refuses them. */
  ready(): Promise<void>;
}

/** An SDK client's class, such as `GuardDutyClient`. */
export type ClientClass<C> = new (options: ClientOptions) => C;

// One pool of kept-alive connections for the whole process: thousands of cells share a few hosts.
const requestHandler = new NodeHttpHandler({
  connectionTimeout: 5_000,
  requestTimeout: 60_000,
  httpAgent: { keepAlive: true, maxSockets: 256 },
  httpsAgent: { keepAlive: true, maxSockets: 256 },
});

const maxAttempts = 10;
const sessionName = 'garrison';
/** Credentials are renewed this long before they end. */
const renewalMilliseconds = 5 * 60_000;

/**
 * The session of whoever runs the command, by the SDK's standard credential chain.
 *
 * @throws GarrisonError when there are no valid credentials
 */
export async function callerSession(homeRegion: string): Promise<Session & { readonly arn: string }> {
  const sts = new STSClient(clientOptions(homeRegion));
  try {
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    return { ...newSession(identity.Account as string, homeRegion), arn: identity.Arn as string };
  } catch (error) {
    throw explain(error, { region: homeRegion, operation: 'sts:GetCallerIdentity' });
  }
}

/** Sessions of other accounts, through a role in each: one AssumeRole an account, shared by all its regions. */
export class AccountSessions {
  private readonly sessions = new Map<string, Session>();

  /**
   * @param base who assumes
   * @param roleArn the role in an account
   */
  constructor(
    private readonly base: Session,
    private readonly roleArn: (accountId: string) => string,
    private readonly externalId?: string,
  ) {}

  /** The session of an account. No call is made before its credentials are needed. */
  of(accountId: string): Session {
    const known = this.sessions.get(accountId);
    if (known) {
      return known;
    }
    const session = newSession(
      accountId,
      this.base.homeRegion,
      renewed(() => this.assume(accountId)),
    );
    this.sessions.set(accountId, session);
    return session;
  }

  private async assume(accountId: string): Promise<SessionCredentials> {
    const sts = this.base.client(STSClient, this.base.homeRegion);
    const roleArn = this.roleArn(accountId);
    try {
      const answer = await sts.send(
        new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName, ExternalId: this.externalId }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
      return {
        accessKeyId: AccessKeyId as string,
        secretAccessKey: SecretAccessKey as string,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    } catch (error) {
      throw explain(error, { accountId, operation: 'sts:AssumeRole' }, { roleArn });
    }
  }
}

function newSession(accountId: string, homeRegion: string, credentials?: () => Promise<SessionCredentials>): Session {
  const clients = new Map<unknown, Map<string, unknown>>();
  return {
    accountId,
    homeRegion,
    client<C>(kind: ClientClass<C>, region: string): C {
      const ofKind = clients.get(kind) ?? new Map<string, unknown>();
      clients.set(kind, ofKind);
      const client = ofKind.get(region) ?? new kind(clientOptions(region, credentials));
      ofKind.set(region, client);
      return client as C;
    },
    ready: async () => {
      await credentials?.();
    },
  };
}

function clientOptions(region: string, credentials?: () => Promise<SessionCredentials>): ClientOptions {
  return { region, ...(credentials ? { credentials } : {}), requestHandler, maxAttempts, retryMode: 'adaptive' };
}

/** Fetches once for all who wait, and again shortly before the end; a failure is not kept. */
function renewed(fetch: () => Promise<SessionCredentials>): () => Promise<SessionCredentials> {
  let current: Promise<SessionCredentials> | undefined;
  let until = 0;
  return async () => {
    if (!current || Date.now() >= until) {
      until = Number.POSITIVE_INFINITY;
      current = fetch().then(
        (credentials) => {
          until = (credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - renewalMilliseconds;
          return credentials;
        },
        (error) => {
          current = undefined;
          throw error;
        },
      );
    }
    return current;
  };
}
