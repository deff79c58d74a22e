import type { ServiceError } from './errors';
import type { World } from './world';

/** Who calls, as the access key, the role session or the AWS service behind the request says. */
export interface Caller {
  readonly kind: 'root' | 'user' | 'assumed-role' | 'service' | 'anonymous';
  readonly accountId: string;
  /** Principal ARN as STS reports it; the service principal's name for kind `service`. */
  readonly arn: string;
  /** Unique id as `GetCallerIdentity` reports it in `UserId`. */
  readonly userId: string;
  readonly accessKeyId?: string;
  /** For kind `assumed-role`: the role's own ARN (with its path). */
  readonly roleArn?: string;
  readonly sessionName?: string;
  /** Session policy documents (JSON) that narrow an assumed role. */
  readonly sessionPolicies?: readonly string[];
  readonly sessionTags?: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
  /** Keys of session tags that sessions of a chain inherit. */
  readonly transitiveTagKeys?: readonly string[];
  /** For a federated user: ARN of the IAM user who vouches for it, and whose permissions are its upper bound. */
  readonly issuerArn?: string;
  /** Whether it acts with credentials that STS gave out. */
  readonly temporary?: boolean;
  /** When a second factor was proved for these credentials. */
  readonly mfaAt?: Date;
  /** For kind `service`: on whose behalf (`aws:SourceAccount`, `aws:SourceArn`). */
  readonly sourceAccount?: string;
  readonly sourceArn?: string;
}

/** The raw request, for the few operations that the schema does not tell all of (S3, presigned URLs). */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** A request outside AWS's protocols. */
export interface HttpRequest extends RawRequest {
  readonly host: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** What an operation knows beside its input. */
export interface CallContext {
  readonly world: World;
  readonly caller: Caller;
  /** The account in which the call acts: the caller's, unless the service says otherwise. */
  readonly accountId: string;
  readonly region: string;
  readonly requestId: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Absent when another service of the sandbox makes the call. */
  readonly request?: RawRequest;
  /** The service through which the caller calls, such as `cloudformation.amazonaws.com`. */
  readonly via?: string;
  /**
   * Asks IAM about something that the operation does beside its own action, such as `iam:PassRole`.
   * Throws `ServiceError` (`AccessDenied`).
   */
  authorize(requests: readonly AuthorizationRequest[]): void;
}

/** Input and output are the SDK's own shapes (`CreateMembersRequest`, …): the schema reads and writes them. */
// biome-ignore lint/suspicious/noExplicitAny: each handler narrows to its own SDK types; the table holds all of them.
export type Handler = (input: any, context: CallContext) => any;

/** What IAM has to decide before an operation runs. */
export interface AuthorizationRequest {
  /** Such as `guardduty:CreateMembers`. */
  readonly action: string;
  /** ARNs; `*` where the operation knows no resource. */
  readonly resources: readonly string[];
  /** JSON of a bus, key, queue, bucket, function or trust policy on the resource. */
  readonly resourcePolicy?: string;
  /** Account that owns the resource, when it is not the caller's. */
  readonly resourceAccountId?: string;
  /** Condition keys of this request, such as `aws:RequestTag/x` or `iam:PassedToService`. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
  /** KMS keys and trust policies decide alone: an identity policy is not enough without them. */
  readonly resourcePolicyRequired?: boolean;
}

/** A thing on which a data event happened. */
export interface DataResource {
  /** CloudFormation's name of its type, such as `AWS::S3::Object`. */
  readonly type: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
}

/** How CloudTrail tells a call, where it is not by its members in camel case. */
export interface TrailDetails {
  readonly errorCode?: string;
  readonly requestParameters?: unknown;
  readonly responseElements?: unknown;
  readonly additionalEventData?: unknown;
  readonly resources?: readonly unknown[];
  /** For data events: recorded only where a trail selects what they happened on. */
  readonly data?: DataResource;
}

/** A call that ended, for `Service.trail`. */
export interface EndedCall {
  readonly operation: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: unknown;
  readonly context: CallContext;
}

/** A data event that a trail may select. */
export interface DataEvent extends DataResource {
  readonly eventSource: string;
  readonly eventName: string;
  readonly readOnly: boolean;
}

/** One AWS service: a table of operations over state of its own. A new world makes a new one. */
export interface Service {
  /** Credential-scope names under which clients sign (`guardduty`; `events`; `monitoring`, …). */
  readonly signingNames: readonly string[];
  /** The SDK client's module: its `…$` exports are the operations' schemas. */
  readonly schemas: Readonly<Record<string, unknown>>;
  /** IAM prefix of its actions; the first signing name unless given. */
  readonly actionPrefix?: string;
  readonly operations: Readonly<Record<string, Handler>>;
  /**
   * The decisions an operation needs. Default: one, `<prefix>:<Operation>` on `*`.
   * An empty list means that the operation asks nothing (`sts:GetCallerIdentity`).
   */
  authorize?(operation: string, input: unknown, context: CallContext): readonly AuthorizationRequest[] | undefined;
  /**
   * How the service refuses a request that lacks a required member, where it has words of its own; one that cannot
   * be read at all when no member is named.
   */
  refuseInput?(missing?: string): ServiceError | undefined;
  /**
   * Answers a plain HTTP request that names no AWS operation (`_lambda/…`, a function's URL); `undefined` when it is
   * not this service's either; `drop` ends the connection. Asked only for paths in `httpPaths`.
   */
  http?(request: HttpRequest): Promise<HttpResponse | 'drop' | undefined> | HttpResponse | 'drop' | undefined;
  /** First segments of the paths that `http` serves, such as `_lambda`. */
  readonly httpPaths?: readonly string[];
  /** Whether anything listens for the account's events: without it, CloudTrail's events are put on the bus always. */
  listens?(at: { accountId: string; region: string }): boolean;
  /** The shape of CloudTrail's record of a call, where it differs from the habit. */
  trail?(call: EndedCall): TrailDetails | undefined;
  /** Of CloudTrail: whether a trail that logs selects the event. */
  selects?(event: DataEvent): boolean;
  /** Stops timers and child processes. */
  close?(): Promise<void> | void;
}

/** Makes the service for one world. Cross-service work goes through `world.call`, never through imports. */
export type ServiceFactory = (world: World) => Service;
