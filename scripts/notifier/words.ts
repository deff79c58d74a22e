import type { Decision } from '../../notifier/routes';

/** Why the routes would not send an alert. */
export function notSent(decision: Exclude<Decision, { kind: 'send' }>): string {
  switch (decision.kind) {
    case 'silenced':
      return `would be silenced by "${decision.route}" until ${decision.until}: ${decision.reason}`;
    case 'belowMinimum':
      return `would not be sent: below the minimum severity ${decision.minimum}`;
    case 'sampleDropped':
      return 'would not be sent: samples are dropped';
  }
}
