/** Words of digests and of replies, which are in the second bundle. */
export interface DigestWords {
  /** In front of what is new when the same comes again. */
  repeat(what: string): string;
  digestTitle(count: number, seconds: number): string;
  readonly digestBy: { readonly type: string; readonly account: string; readonly severity: string };
  digestNote(file: boolean): string;
}

const english: DigestWords = {
  repeat: (what) => `Again: ${what}`,
  digestTitle: (count, seconds) => `${count.toLocaleString('en-US')} alerts within ${seconds} seconds, in one message`,
  digestBy: { type: 'By type', account: 'By account', severity: 'By severity' },
  digestNote: (file) =>
    file ? 'Every alert is in the file in this thread.' : 'Every alert is recorded in the alert table.',
};

const japanese: DigestWords = {
  repeat: (what) => `再度観測: ${what}`,
  digestTitle: (count, seconds) => `${seconds} 秒間に ${count.toLocaleString('en-US')} 件のアラート（まとめ）`,
  digestBy: { type: 'タイプ別', account: 'アカウント別', severity: '重要度別' },
  digestNote: (file) =>
    file
      ? 'すべてのアラートはこのスレッドのファイルにあります。'
      : 'すべてのアラートはアラートテーブルに記録されています。',
};

/** By the language of the catalog. */
export const digestWords: Readonly<Record<'en' | 'ja', DigestWords>> = { en: english, ja: japanese };
