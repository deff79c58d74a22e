/** Words of the views behind the buttons, by language. */
export interface InteractionWords {
  readonly close: string;
  readonly finding: string;
  readonly gone: string;
  readonly tooLong: string;
  readonly more: string;
  readonly console: string;
  readonly silence: string;
  readonly show: string;
  readonly scope: string;
  readonly everywhere: string;
  readonly reason: string;
  readonly reasonHint: string;
  readonly until: string;
  readonly untilPast: string;
  readonly paste: string;
  readonly edit: string;
  only(account: string): string;
}

const en: InteractionWords = {
  close: 'Close',
  finding: 'JSON',
  gone: 'The JSON of this alert is not kept any more. GuardDuty keeps findings for 90 days, as CloudTrail does events.',
  tooLong: 'The JSON of this alert was too long to be kept.',
  more: '… the rest is too long for this window.',
  console: 'Open in console',
  silence: 'Silence like this',
  show: 'Show the lines',
  scope: 'Where',
  everywhere: 'In all accounts',
  reason: 'Reason',
  reasonHint: 'Whoever reads garrison.yaml next year wants to know.',
  until: 'Until (last day, UTC)',
  untilPast: 'must be today or later',
  paste: 'Put these lines first among *notifier: routes:* of garrison.yaml, have them reviewed, and apply:',
  edit: 'Edit garrison.yaml',
  only: (account) => `In ${account} alone`,
};

const ja: InteractionWords = {
  close: '閉じる',
  finding: 'JSON',
  gone: 'このアラートの JSON はもう保存されていません。GuardDuty の検出結果と CloudTrail のイベントは 90 日間参照できます。',
  tooLong: 'このアラートの JSON は長すぎるため保存されませんでした。',
  more: '… 残りは長すぎるため表示できません。',
  console: 'コンソールで開く',
  silence: '同種を通知しない',
  show: '設定を表示',
  scope: '対象',
  everywhere: 'すべてのアカウント',
  reason: '理由',
  reasonHint: '後で garrison.yaml を読む人のために書いてください。',
  until: '期限（最終日、UTC）',
  untilPast: '今日以降の日付にしてください',
  paste: 'garrison.yaml の *notifier: routes:* の先頭に次の行を加え、レビューのうえ適用してください:',
  edit: 'garrison.yaml を編集',
  only: (account) => `${account} のみ`,
};

/** By the notifier's language. */
export const interactionWords: Readonly<Record<'en' | 'ja', InteractionWords>> = { en, ja };
