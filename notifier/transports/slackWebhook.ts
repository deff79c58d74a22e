import { alertMessage } from '../message/alertMessage';
import { DeliveryError, safeReason } from './errors';
import { post } from './http';
import type { DestinationFactory } from './tools';

/** Answers that mean: this address is no longer valid. */
const revoked = /^(invalid_token|no_service|no_service_id|no_team|team_disabled|token_revoked)$/;

/** Slack's incoming webhook: one channel, nothing that could be found, answered or changed afterwards. */
export const slackWebhook: DestinationFactory<'slack-webhook'> = ({ secret }, tools) => {
  const postMessage = (message: object) =>
    tools.secrets.with(secret, async (address) => {
      const { status, body } = await post(tools.fetch, address, JSON.stringify(message));
      if (status !== 200) {
        throw failureOf(status, body);
      }
      return {};
    });
  // Without a text Slack answers `no_text` (400) where the webhook is in order.
  const probe = () =>
    tools.secrets.with(secret, async (address) => {
      const { status, body } = await post(tools.fetch, address, '{}');
      if (!/^(ok|no_text|invalid_payload|missing_text\w*)$/.test(body.trim())) {
        throw failureOf(status, body);
      }
    });
  return {
    probe,
    send: ({ alert, options }) => postMessage(alertMessage(alert, tools.context, options)),
    say: async (saying) => postMessage(tools.more().followUpMessage(saying)),
    sendDigest: async (digest) => postMessage(tools.more().digestMessage(digest, tools.context, false)),
  };
};

function failureOf(status: number, body: string): DeliveryError {
  const reason = safeReason(body, status);
  if (revoked.test(reason)) {
    return new DeliveryError('revoked', reason);
  }
  return new DeliveryError(status === 400 ? 'invalid' : 'refused', reason);
}
