import { translator } from '../../notifier/message/translate';
import type { AttestationWords } from './index';
import { japanesePhrases } from './japanesePhrases';

const standings = { person: '', substitute: '（代理）', anybody: '（指名外の人）' } as const;

/** Slack sees bold and code only between spaces and marks of ASCII. */
export const japanese: AttestationWords = {
  rootUser: 'ルートユーザー',
  somebody: '誰か',
  wanted: '何のためでしたか？',
  wantedWithTicket: '何のためでしたか？ チケットは？',
  purpose: '目的',
  ticket: 'チケット',
  hint: (until) => `ボタンから、またはこのスレッドで回答してください。${until} までの使用はこの質問に含まれます。`,
  used: ({ who, role, place, time, by, from }) =>
    `${who === '' ? '' : `${who} が `}${time} に ${place} で ${role} を使用しました${details(by, from)}。`,
  rootUsed: ({ role, place, time, from }) =>
    `${place} のルートユーザーが ${time} に ${role} を行いました${details(undefined, from)}。`,
  listed: (time, role, place) => `${time} ${place} で ${role}`,
  uses: (count) => `使用 ${count} 回`,
  more: (count) => `… ほか ${count} 件`,
  reminder: (whom, what, uses) => `${whom} まだ回答がありません: ${what}${uses > 1 ? `（使用 ${uses} 回）` : ''}`,
  escalation: (whom, asked, at) =>
    `${whom} :rotating_light: ${at} に質問した ${asked} について *まだ誰も回答していません* :`,
  answered: (asked, by, as) => `${asked}: ${by} が回答${standings[as]}`,
  version: (number) => `（第 ${number} 版）`,
  ticketCheck: (check) => (check === 'confirmed' ? '（確認済み）' : '（確認できませんでした）'),
  summary: ({ day, since, uses, questions, answers, open, end }) =>
    [
      `*特権の使用 ${day}*: 記録 ${since} 番以降の使用 ${uses} 件、質問 ${questions} 件、回答 ${answers} 件、`,
      `未回答 ${open} 件 (\`garrison attest pending\`)。記録の末尾は \`${end}\``,
    ].join(''),
  decided: (action, whom) => `${whom} が${action === 'approve' ? '承認' : '却下'}しました`,
  sentence: translator(japanesePhrases),
};

function details(by: string | undefined, from: string | undefined): string {
  const parts = [...(by === undefined ? [] : [by]), ...(from === undefined ? [] : [`接続元 ${from}`])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
