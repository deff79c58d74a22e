import { deduplicationKey } from '../deduplication';
import { digestTitle } from '../message/digestMessage';
import { withoutMarkup } from '../message/followUpMessage';
import { alertSummary, summaryLine } from '../message/summary';
import type { SeverityBand } from '../settings';
import { DeliveryError } from './errors';
import { post } from './http';
import type { DestinationFactory } from './tools';

const severities: Readonly<Record<SeverityBand, string>> = {
  Low: 'info',
  Medium: 'warning',
  High: 'error',
  Critical: 'critical',
};
const defaultEndpoint = 'https://events.pagerduty.com/v2/enqueue';
/** Of `payload.summary`. */
const longestSummary = 1_024;

/** PagerDuty Events API v2. Its own deduplication gets our key, so that repeats join the incident that is open. */
export const pagerduty: DestinationFactory<'pagerduty'> = (settings, tools) => {
  const send = (event: object) =>
    tools.secrets.with(settings.secret, async (routingKey) => {
      const body = JSON.stringify({ routing_key: routingKey, event_action: 'trigger', client: 'Garrison', ...event });
      const { status } = await post(tools.fetch, settings.endpoint ?? defaultEndpoint, body);
      if (status !== 202 && status !== 200) {
        throw new DeliveryError(status === 403 ? 'revoked' : status === 400 ? 'invalid' : 'refused', `HTTP ${status}`);
      }
      return {};
    });
  return {
    send: ({ alert, options }) => {
      const summary = alertSummary(alert, tools.context);
      const links = [
        { href: summary.console, text: tools.context.catalog.buttons.console },
        { href: summary.runbook, text: tools.context.catalog.buttons.runbook },
      ].filter(({ href }) => href !== undefined);
      return send({
        dedup_key: deduplicationKey(alert, tools.context.settings),
        payload: {
          summary: cut(summaryLine(summary, tools.context.catalog)),
          source: summary.account.id || 'aws',
          severity: severities[alert.band],
          timestamp: summary.lastSeen,
          component: summary.resources[0],
          group: summary.account.name ?? summary.account.id,
          class: summary.type,
          custom_details: options.plain === true ? {} : summary,
        },
        links: options.plain === true ? [] : links,
      });
    },
    // Under the alert's own key, so that it joins the incident that the alert has opened; it wakes nobody by itself.
    say: ({ text, alert }) =>
      send({
        dedup_key: deduplicationKey(alert, tools.context.settings),
        payload: {
          summary: cut(withoutMarkup(text)),
          source: alert.accountId || 'aws',
          severity: severities.Low,
          custom_details: { alert: alert.id, type: alert.type },
        },
      }),
    sendDigest: (digest) =>
      send({
        dedup_key: digest.id,
        payload: {
          summary: cut(digestTitle(digest, tools.context.catalog)),
          source: 'Garrison',
          severity: 'error',
          custom_details: { alerts: digest.entries.slice(0, 200) },
        },
      }),
  };
};

function cut(text: string): string {
  return text.length > longestSummary ? `${text.slice(0, longestSummary - 1)}…` : text;
}
