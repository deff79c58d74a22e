import { text } from '../../notifier/events/read';
import type { Person } from '../record/content';
import type { KnownPerson } from '../settings';
import { emailOf, personOf } from './person';

/** Why nobody is asked of an event. */
export type LeftOut = 'service' | 'roleChain' | 'workload' | 'seenAtCaller' | 'failed' | 'unreadable';

/** Somebody by name; somebody in IAM Identity Center of whom the event tells only an id; or nobody to ask. */
export type Found = { readonly person: Person } | { readonly nameless: Person } | { readonly leftOut: LeftOut };

/** What naming somebody needs beside the record. */
export interface Naming {
  readonly people: readonly KnownPerson[];
  /** Ids of the organization's accounts. */
  readonly accounts: ReadonlySet<string>;
  /** Account of the event. */
  readonly account: string;
}

/** Who did it, by the kinds of `userIdentity` that CloudTrail documents. `record` is hostile. */
export function personIn(record: unknown, naming: Naming): Found {
  if (text(record, 'userIdentity', 'type') === 'Root') {
    return { person: { key: `root:${naming.account}`, name: `root of ${naming.account}` } };
  }
  const name = text(record, 'eventName');
  if (text(record, 'eventSource') === 'sso.amazonaws.com') {
    return identityCenterUser(record, naming);
  }
  if (name === 'AssumeRoleWithSAML') {
    // The identity provider vouches for both.
    return named(record, [session(record), text(record, 'responseElements', 'subject'), userName(record)], naming);
  }
  if (name === 'AssumeRoleWithWebIdentity') {
    return webIdentity(record, naming);
  }
  return signedInAs(record, naming);
}

/** Sessions and users: of `AssumeRole` and of sign-ins. */
function signedInAs(record: unknown, naming: Naming): Found {
  switch (text(record, 'userIdentity', 'type')) {
    case 'IAMUser':
    case 'FederatedUser':
      return iamUser(record, naming);
    case 'AssumedRole':
      return roleSession(record, naming);
    case 'AWSAccount':
      return otherAccount(record, naming);
    case 'IdentityCenterUser':
      return identityCenterUser(record, naming);
    default:
      return service(record, naming);
  }
}

/** A user chooses the name of a session at will: it tells where to ask, but not who it was. */
function iamUser(record: unknown, { people }: Naming): Found {
  const arn = text(record, 'userIdentity', 'arn');
  const person = personOf([userName(record) ?? arn?.split('/').at(-1), arn], people, arn);
  const contact = person?.email ?? emailOf(session(record));
  return person === undefined
    ? { leftOut: 'unreadable' }
    : { person: contact ? { ...person, email: contact } : person };
}

const reserved = /^AWSReservedSSO_/;

/**
 * A session of IAM Identity Center, one whose identity provider signed it in, or one with a source identity belongs to
 * a person. Any other role that takes on a role is a chain: who began it was asked there.
 */
function roleSession(record: unknown, naming: Naming): Found {
  const source = text(record, 'userIdentity', 'sessionContext', 'sourceIdentity');
  const issuer = text(record, 'userIdentity', 'sessionContext', 'sessionIssuer', 'userName') ?? '';
  const signIn = text(record, 'eventName') === 'ConsoleLogin';
  const own = text(record, 'userIdentity', 'arn')?.split('/').at(-1) ?? ofPrincipal(record);
  if (source === undefined && !reserved.test(issuer) && !signIn) {
    return { leftOut: 'roleChain' };
  }
  return named(record, [source, own], naming);
}

/** Pipelines and workloads show themselves by their provider; people sign in through others. */
const workloads =
  /(^|[/.])(token\.actions\.githubusercontent\.com|oidc\.eks\.[\w.-]+|gitlab\.com|oidc\.circleci\.com|app\.terraform\.io|agent\.buildkite\.com|api\.bitbucket\.org|oidc\.vercel\.com)/;

/** Whoever asks chooses the session's name: the provider's subject comes first. */
function webIdentity(record: unknown, naming: Naming): Found {
  const provider = text(record, 'userIdentity', 'identityProvider') ?? '';
  return workloads.test(provider)
    ? { leftOut: 'workload' }
    : named(record, [userName(record), session(record)], naming);
}

/** As the account sees it whose role is taken on from another account: only ids. */
function otherAccount(record: unknown, { people, accounts }: Naming): Found {
  const account = text(record, 'userIdentity', 'accountId') ?? '';
  const id = text(record, 'userIdentity', 'principalId') ?? '';
  if (accounts.has(account)) {
    // The other account's own trail tells the same with names.
    return { leftOut: 'seenAtCaller' };
  }
  if (id.startsWith('AROA')) {
    return { leftOut: 'roleChain' };
  }
  const person = personOf([id, account], people);
  return person === undefined ? { leftOut: 'unreadable' } : { person };
}

function identityCenterUser(record: unknown, { people }: Naming): Found {
  const id = text(record, 'userIdentity', 'onBehalfOf', 'userId');
  const person = personOf([userName(record), id, text(record, 'userIdentity', 'principalId')], people);
  if (person === undefined) {
    return { leftOut: 'unreadable' };
  }
  const isNamed = person.email !== undefined || person.slackUser !== undefined || userName(record) !== undefined;
  return isNamed ? { person } : { nameless: person };
}

/** A service takes on a role; for IAM Identity Center it does so for a person. */
function service(record: unknown, naming: Naming): Found {
  const by = text(record, 'userIdentity', 'invokedBy') ?? '';
  const role = text(record, 'requestParameters', 'roleArn')?.split('/').at(-1) ?? '';
  return by === 'sso.amazonaws.com' && reserved.test(role)
    ? named(record, [session(record)], naming)
    : { leftOut: 'service' };
}

function named(record: unknown, names: readonly (string | undefined)[], { people }: Naming): Found {
  const person = personOf([...names, ofPrincipal(record)], people);
  return person === undefined ? { leftOut: 'unreadable' } : { person };
}

function session(record: unknown): string | undefined {
  return text(record, 'requestParameters', 'roleSessionName');
}

function userName(record: unknown): string | undefined {
  return text(record, 'userIdentity', 'userName');
}

/** `AROA…:bob@example.com` → the session's name. */
function ofPrincipal(record: unknown): string | undefined {
  const [, ...rest] = text(record, 'userIdentity', 'principalId')?.split(':') ?? [];
  return rest.join(':') || undefined;
}
