import type { Caller } from './service';

/** What IAM holds of a principal: the policies and tags that decide about its calls. */
export interface Grants {
  /** Policy documents (JSON), attached and inline, of groups too. */
  readonly policies: readonly string[];
  /** The document of the permissions boundary. */
  readonly boundary?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The service role that somebody wants to assume. */
export interface RoleView {
  readonly arn: string;
  readonly roleId: string;
  readonly accountId: string;
  readonly name: string;
  readonly path: string;
  readonly trustPolicy: string;
  readonly maxSessionDuration: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the IAM service tells the rest of the world. */
export interface IdentityView {
  /** `undefined` when the user or role is gone. */
  grants(caller: Caller): Grants | undefined;
  role(arn: string): RoleView | undefined;
  /** The document of a managed policy's default version: AWS's own or an account's. */
  policyDocument(arn: string): string | undefined;
  /** SAML and OpenID Connect providers. */
  provider(arn: string): { readonly document?: string; readonly clientIds?: readonly string[] } | undefined;
  /** Who issues web identity tokens for the account (a URL); absent while that is switched off. */
  outboundIssuer(accountId: string): string | undefined;
  /** Whether the device is the user's own and in use. */
  hasMfaDevice(caller: Caller, serialNumber: string): boolean;
  noteRoleUse(arn: string, region: string): void;
  /** A user or a role's session did something, such as `s3:GetObject`. */
  noteAccess(caller: Caller, action: string, region: string): void;
  /** A user's or the root user's own key was used. */
  noteKeyUse(caller: Caller, service: string, region: string): void;
}

/** The place where IAM registers; one per world. */
export class IdentityLink {
  current: IdentityView | undefined;
}
