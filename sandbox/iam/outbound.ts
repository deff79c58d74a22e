import { randomUUID } from 'node:crypto';
import { ServiceError } from '../core/errors';
import type { Handler } from '../core/service';
import type { IamState } from './state';

const disabled = (): ServiceError =>
  new ServiceError('FeatureDisabled', 'Outbound web identity federation is not enabled for this account.', 404);

/** Whether STS may give out web identity tokens for the account (`sts:GetWebIdentityToken`), and who issues them. */
export function outboundOperations(state: IamState): Record<string, Handler> {
  return {
    EnableOutboundWebIdentityFederation: (_input, context) => {
      const account = state.account(context.accountId);
      if (account.outboundIssuer !== undefined) {
        const message = 'Outbound web identity federation is already enabled for this account.';
        throw new ServiceError('FeatureEnabled', message, 409);
      }
      account.outboundIssuer = `https://${randomUUID()}.tokens.sts.global.api.aws`;
      return { IssuerIdentifier: account.outboundIssuer };
    },
    DisableOutboundWebIdentityFederation: (_input, context) => {
      const account = state.account(context.accountId);
      if (account.outboundIssuer === undefined) {
        throw disabled();
      }
      account.outboundIssuer = undefined;
    },
    GetOutboundWebIdentityFederationInfo: (_input, context) => {
      const issuer = state.account(context.accountId).outboundIssuer;
      if (issuer === undefined) {
        throw disabled();
      }
      return { IssuerIdentifier: issuer, JwtVendingEnabled: true };
    },
  };
}
