import type { Button } from '@slack/types';
import type { Alert } from '../alert';
import { jsonAction } from '../interaction/jsonView';
import { silenceAction, silenceValue } from '../interaction/silenceView';
import type { MessageContext } from './context';

/** The buttons that the Slack app answers, in place of the links (see `notifier/interaction/`). */
export function appButtons(alert: Alert, { catalog, account }: MessageContext): Button[] {
  const { finding, event, silence } = catalog.buttons;
  const button = (action: string, label: string, value: string | undefined): Button[] =>
    value === undefined
      ? []
      : [{ type: 'button', action_id: action, text: { type: 'plain_text', text: label, emoji: false }, value }];
  return [
    ...button(jsonAction, alert.finding === undefined ? event : finding, alert.id),
    ...button(silenceAction, silence, silenceValue(alert, account(alert.accountId).name)),
  ];
}
