import { type NotifierCode, notifierCode } from '../../stacks/alerts/notifierCode';
import { settingsOf } from './settings';

const bot = { slack: { botToken: { parameter: '/token' }, channel: 'C0ALERTS' } };
const everywhere = {
  ...bot,
  destinations: {
    hook: { type: 'slack-webhook', webhook: { secret: 'hook' } },
    mail: { type: 'sns', topicArn: 'arn:aws:sns:us-east-1:100000000002:security' },
    chat: { type: 'teams', webhook: { parameter: '/teams' } },
    pager: { type: 'pagerduty', routingKey: { parameter: '/pager' } },
    siem: { type: 'signed-webhook', url: { parameter: '/siem' }, signingKey: { ciphertext: 'AQICAHgarrisonAQICAH' } },
  },
};
const nothingElse = { detections: false, followUps: false };
const allOfIt = { detections: true, followUps: true };

function bytes(code: NotifierCode, ...files: readonly string[]): number {
  return files.reduce((sum, file) => sum + Buffer.byteLength(code[file] ?? ''), 0);
}

test.each([
  ['webhook', {}, nothingElse, 47_000],
  ['webhook and all features', {}, allOfIt, 58_000],
  ['bot', bot, nothingElse, 52_000],
  ['bot and all features', bot, allOfIt, 63_000],
  ['every destination and feature, in Japanese', { ...everywhere, language: 'ja' }, allOfIt, 75_000],
])('a function with %s reads less than 40 kB when it starts, and holds little more', (_, config, use, most) => {
  const code = notifierCode(settingsOf(config), use);
  expect(Object.keys(code).sort()).toEqual(['catalog.json', 'index.js', 'more.js']);
  expect(bytes(code, 'index.js')).toBeLessThan(40_000);
  expect(bytes(code, 'index.js', 'more.js')).toBeLessThan(most);
});

test('a function holds what its settings ask for, and nothing of what they do not', () => {
  const words = { teams: 'AdaptiveCard', pager: 'routing_key', siem: 'x-garrison-signature', japanese: 'アカウント' };
  const held = (config: object) => {
    const code = Object.values(notifierCode(settingsOf(config), nothingElse)).join('');
    return Object.entries(words).flatMap(([name, word]) => (code.includes(word) ? [name] : []));
  };
  expect(held({})).toEqual([]);
  expect(held({ ...everywhere, language: 'ja' })).toEqual(['teams', 'pager', 'siem', 'japanese']);
});

test('no package is in it but the SDK of the runtime', () => {
  const code = Object.values(notifierCode(settingsOf(everywhere), allOfIt)).join('');
  const names = [...code.matchAll(/(?:equire|import)\("([^"]+)"\)/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !/^(@aws-sdk\/|node:|\.\/)/.test(name ?? ''))).toEqual([]);
});
