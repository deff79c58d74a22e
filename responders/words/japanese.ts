import { translator } from '../../notifier/message/translate';
import type { ReportWords } from './index';
import { japanesePhrases } from './japanesePhrases';

/** Slack sees bold and code only between spaces and marks of ASCII. */
export const japanese: ReportWords = {
  outcomes: {
    open: '対応中です',
    waiting: '実行前に承認を待っています',
    acted: '対応しました',
    partly: '一部のみ対応しました',
    failed: '対応できませんでした',
    notified: '担当者の対応を待ちます',
    nothing: 'すでに対応の必要がありませんでした',
    changed: 'イベント後に状態が変わっていたため、何もしませんでした',
    gone: '対象はすでに存在しませんでした',
    exempt: '対象外のため、何もしませんでした',
    stopped: '自動停止しました',
    declined: '却下されたため、何もしませんでした',
    expired: '承認がなかったため、何もしませんでした',
    ignored: '対象ではありませんでした',
  },
  delayed: '待機中です。あとで再試行します',
  stillWaits: '引き続き承認を待っています',
  undone: '元に戻しました',
  undonePartly: '一部を元に戻しました',
  done: '実施',
  settled: '実施済みだったもの',
  notDone: '失敗',
  skipped: '失敗後に試さなかったもの',
  because: '理由',
  toDo: 'お願い',
  would: '実施予定',
  error: 'エラー',
  undo: '元に戻すコマンド',
  by: '実行者',
  notUndone: '元に戻せなかったもの',
  approve: '承認',
  decline: '却下',
  cannotBeUndone: 'この対応は元に戻せません。',
  conflict: 'まだ使用中か、保護されています。それを解除してから、残りを手作業で行ってください。',
  head: (title, strategy, what) => `*自動対応: ${title}* (${strategy}) ${what}。`,
  on: (kind, resource, accountId, region) => `*対象:* ${kind} ${resource} (${accountId}, ${region})`,
  askedUntil: (date) => `承認の期限: ${date}`,
  mayNotDecide: (name) => `${name} には承認の権限がありません。承認できる人は \`responders.approvers\` にあります。`,
  decided: (action, name) => `*${action === 'approve' ? '承認者' : '却下した人'}:* ${name}`,
  notTrusted: (accountId) =>
    `${accountId} でロール GarrisonResponder を引き受けられません。ロールの有無は \`garrison verify\` で確認できます。`,
  denied: (accountId) =>
    `${accountId} で何が拒否しているかを確認してください（サービスコントロールポリシー、アクセス許可の境界、リソース自身のポリシー）。`,
  more: (count) => `… ほか ${count} 件`,
  sentence: translator(japanesePhrases),
};
