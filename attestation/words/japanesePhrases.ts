import type { Phrase } from '../../notifier/message/translate';

/** What the bot writes, in Japanese. Slack's limits hold: 24 characters for a title or a button of a window. */
export const japanesePhrases: readonly Phrase[] = [
  // Buttons and labels.
  ['Answer', '回答する'],
  ['Correct the answer', '回答を訂正する'],
  ['Purpose', '目的'],
  ['Ticket', 'チケット'],
  ['A ticket looks like this: {pattern}', 'チケットの形式: {pattern}'],
  ['Purpose of use', '使用の目的'],
  ['Send', '送信'],
  ['Cancel', 'キャンセル'],
  ['Close', '閉じる'],
  ['Announce a use', '使用の事前申告'],
  ['Announce', '申告する'],
  ['From now, for', '今からの時間'],
  ['1 hour', '1 時間'],
  ['{count} minutes', '{count} 分'],
  ['{count} hours', '{count} 時間'],

  // Answers.
  [
    'What did *{person}* use a privilege in *{place}* for?',
    '*{person}* が *{place}* で特権を使用した目的を教えてください。',
  ],
  [
    'Your answer is being recorded. This takes a moment; you may close this window.',
    '回答を記録しています。少し時間がかかります。このウィンドウは閉じてかまいません。',
  ],
  ['Thank you. Your answer is recorded.', 'ありがとうございます。回答を記録しました。'],
  ['There is no such question any more.', 'この質問はすでにありません。'],
  ['Please say what it was for.', '何のためだったかを書いてください。'],
  [
    'This was asked of somebody else. Only they, or the people appointed for it, may answer.',
    'これは別の人への質問です。回答できるのは本人か、指名された人だけです。',
  ],
  ['There is no question to you that is open.', 'あなたへの未回答の質問はありません。'],
  [
    'There are {count} open questions to you: please answer each in its thread, or with its button.',
    'あなたへの未回答の質問が {count} 件あります。それぞれのスレッドかボタンから回答してください。',
  ],
  ['A ticket belongs to it.', 'チケットが必要です。'],
  ['A ticket here looks like this: {pattern}', 'チケットの形式: {pattern}'],
  ['There is no such ticket, or it is closed.', 'チケットが存在しないか、クローズされています。'],

  // Announcements.
  [
    'Uses of a privilege in this time are linked to what you say here, and you are not asked again.',
    'この時間内の特権の使用はここに書いた内容に結び付けられ、あらためて質問されません。',
  ],
  [
    'Announced, for {time}: until {until} UTC you are not asked. Root is always asked about.',
    '{time}の使用を申告しました。{until} UTC まで質問されません（ルートユーザーの使用は常に質問されます）。',
  ],
  [
    'Your announcement is being recorded. You will be told in a moment.',
    '申告を記録しています。まもなく結果をお知らせします。',
  ],
  ['Please say what it will be for.', '何のためかを書いてください。'],
  [
    'Slack does not tell your e-mail address, and attestation.people does not name you.',
    'Slack からメールアドレスが得られず、attestation.people にもあなたの記載がありません。',
  ],
  ['The window ends before it begins.', '終了時刻が開始時刻より前です。'],
  ['The window is too long: at most {count} hours.', '時間が長すぎます。最長 {count} 時間です。'],
  ['The window is too long: at most {count} minutes.', '時間が長すぎます。最長 {count} 分です。'],
  [
    'The window begins in the past: what has been done is asked about.',
    '開始時刻が過去です。すでに行った使用については質問されます。',
  ],
  ['The window begins in more than {count} days.', '開始時刻は {count} 日以内にしてください。'],
  [
    'Write how long, the ticket and the purpose: /privileged-use 2h OPS-123 restoring the backup',
    '時間、チケット、目的を書いてください: /privileged-use 2h OPS-123 バックアップの復元',
  ],

  // When something did not work.
  [
    'The window could not be opened. Please click again.',
    'ウィンドウを開けませんでした。もう一度クリックしてください。',
  ],
  [
    'The form could not be opened. Please click again, or answer in this thread.',
    'フォームを開けませんでした。もう一度クリックするか、このスレッドで回答してください。',
  ],
  ['The form could not be opened. {usage}', 'フォームを開けませんでした。{usage}'],
  [
    'Your decision could not be passed on. Please click again.',
    '判断を伝えられませんでした。もう一度クリックしてください。',
  ],
];
