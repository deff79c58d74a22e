import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { explain } from './failures';
import { RecentClients } from './recentClients';
import { PatientRetries } from './retries';

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
  readonly retryStrategy: PatientRetries;
}

/** Acting in one account: makes clients for any of its regions, all on the same credentials. */
export interface Session {
  readonly accountId: string;
  readonly homeRegion: string;
  /** A client for a kind and region; ask again for each call rather than keep it. */
  client<C>(kind: ClientClass<C>, region: string): C;
  /** Waits until credentials are there; throws what refuses them. */
  ready(): Promise<void>;
}

/** An SDK client's class, such as `GuardDutyClient`. */
export type ClientClass<C> = new (options: ClientOptions) => C;

/**
 * Connections that are kept alive. Thousands of cells share a few hosts, so one pool serves the whole process.
 *
 * @param requestTimeout milliseconds until an unanswered request is given up
 */
export function newConnections(requestTimeout: number): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: 5_000,
    requestTimeout,
    // Without this a region that hangs is only warned about, and waited for.
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive: true, maxSockets: 256 },
    httpsAgent: { keepAlive: true, maxSockets: 256 },
  });
}

const connections = newConnections(20_000);

const recentClients = new RecentClients(300);
const sessionName = 'garrison';
/** Credentials are renewed this long before they end: this machine's clock may be ten minutes off. */
const renewalMilliseconds = 15 * 60_000;

/**
 * The session of whoever runs the command, by the SDK's standard credential chain.
 *
 * @throws GarrisonError when there are no valid credentials
 */
export async function callerSession(homeRegion: string): Promise<Session & { readonly arn: string }> {
  const sts = newClient(STSClient, { region: homeRegion, requestHandler: connections });
  try {
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    return { ...accountSession(identity.Account as string, homeRegion), arn: identity.Arn as string };
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
    const session = accountSession(accountId, this.base.homeRegion, () => this.assume(accountId));
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

/**
 * Acting in an account.
 *
 * @param fetch gets credentials: asked once for all who wait, again shortly before they end or when AWS says that they
 *   have ended. The SDK's standard chain unless given.
 */
export function accountSession(
  accountId: string,
  homeRegion: string,
  fetch?: () => Promise<SessionCredentials>,
  requestHandler: NodeHttpHandler = connections,
): Session {
  const credentials = fetch && renewed(fetch);
  const owner = {};
  return {
    accountId,
    homeRegion,
    client: (kind, region) =>
      recentClients.get(owner, kind, region, () => newClient(kind, { region, requestHandler }, credentials)),
    ready: async () => {
      await credentials?.get();
    },
  };
}

interface Renewed {
  get(): Promise<SessionCredentials>;
  /** Forgets what AWS no longer takes. */
  forget(): void;
}

function newClient<C>(
  kind: ClientClass<C>,
  where: Pick<ClientOptions, 'region' | 'requestHandler'>,
  credentials?: Renewed,
): C {
  const common = { ...surroundings, ...where, retryStrategy };
  if (!credentials) {
    return new kind(common);
  }
  // To the SDK every answer has ended already, so that it asks for each call; the real end is known in `renewed`.
  const ended = async () => ({ ...(await credentials.get()), expiration: new Date() });
  const client = new kind({ ...common, credentials: ended });
  surroundings ??= surroundingsOf(client as { readonly config?: Surroundings });
  const { middlewareStack } = client as { middlewareStack?: MiddlewareStack };
  middlewareStack?.add(
    (next) => async (input) => {
      try {
        return await next(input);
      } catch (error) {
        if (!expired.test((error as Error).name)) {
          throw error;
        }
        credentials.forget();
        return next(input);
      }
    },
    { step: 'initialize', name: 'renewExpiredCredentials' },
  );
  return client;
}

const retryStrategy = new PatientRetries();

/** What the SDK finds out from environment and profile, each by a provider that asks once. */
interface Surroundings {
  readonly authSchemePreference?: unknown;
  readonly defaultsMode?: unknown;
  readonly useDualstackEndpoint?: unknown;
  readonly useFipsEndpoint?: unknown;
  readonly userAgentAppId?: unknown;
}

let surroundings: Surroundings | undefined;

/**
 * Taken from the first client and given to all the others: each would read environment and profile anew, which takes it
 * longer than a call does, and a first rollout needs one client for every cell.
 */
function surroundingsOf({ config = {} }: { readonly config?: Surroundings }): Surroundings {
  const { authSchemePreference, defaultsMode, useDualstackEndpoint, useFipsEndpoint, userAgentAppId } = config;
  return { authSchemePreference, defaultsMode, useDualstackEndpoint, useFipsEndpoint, userAgentAppId };
}

const expired = /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/;

/** As much of the SDK clients' middleware as is used here. */
interface MiddlewareStack {
  add(
    middleware: (next: (input: unknown) => Promise<unknown>) => (input: unknown) => Promise<unknown>,
    options: { readonly step: 'initialize'; readonly name: string },
  ): void;
}

/** Fetches once for all who wait, and again shortly before the end; a failure is not kept. */
function renewed(fetch: () => Promise<SessionCredentials>): Renewed {
  let current: Promise<SessionCredentials> | undefined;
  let until = 0;
  const forget = () => {
    current = undefined;
  };
  const get = () => {
    if (!current || Date.now() >= until) {
      until = Number.POSITIVE_INFINITY;
      current = fetch().then(
        (credentials) => {
          until = endOf(credentials);
          return credentials;
        },
        (error) => {
          forget();
          throw error;
        },
      );
    }
    return current;
  };
  return { get, forget };
}

/** When to renew; credentials of less than half an hour are used for half of their time. */
function endOf({ expiration }: SessionCredentials): number {
  if (!expiration) {
    return Number.POSITIVE_INFINITY;
  }
  const left = expiration.getTime() - Date.now();
  return Date.now() + Math.max(left - renewalMilliseconds, left / 2);
}
