import { inWords, parseFindingType } from '../../notifier/events/findingType';
import { alertMessage } from '../../notifier/message/alertMessage';
import { headlineOf, sentenceOf } from '../../notifier/message/context';
import { bandOf } from '../../notifier/severity';
import { buttonsOf, textsIn } from './blockKit';
import { alertOf, findingEvent, findingTypes, parsed } from './corpus';
import { contextOf } from './settings';

const english = contextOf();
const japanese = contextOf({ language: 'ja' });

async function textOf(event: unknown, context = english): Promise<string> {
  return textsIn(alertMessage(await alertOf(event), context, { mention: 'none' })).join('\n');
}

describe('finding types', () => {
  const portal = { console: { accessPortal: 'https://acme.awsapps.com/start', role: 'SecurityAudit' } };

  test.each(findingTypes)('%s has a sentence in both languages, and buttons that lead there', async (type) => {
    expect(parseFindingType(type)?.text).toBe(type);
    const alert = await alertOf(findingEvent({ type, title: type, description: undefined }));
    expect(headlineOf(alert, english.catalog)).toMatch(/^[A-Z][a-z]+[ a-z]*: [A-Z]/);
    expect(sentenceOf(alert, english.catalog)).toMatch(/^[A-Z][a-z]+[ a-z]*: [A-Z].*\.$/);
    expect(headlineOf(alert, japanese.catalog)).toMatch(/^[\u3040-\u30FF\u4E00-\u9FFF]+: [A-Z]/);
    expect(sentenceOf(alert, japanese.catalog)).toContain('を検出しました');
    const [console, json] = buttonsOf(alertMessage(alert, contextOf(portal), { mention: 'none' })).map(
      (address) => new URL(address.replace('/#/', '/')).searchParams,
    );
    expect(console?.get('account_id')).toBe('123456789012');
    expect(json?.get('account_id')).toBe('100000000002');
    expect(console?.get('destination')).toMatch(/^https:\/\/eu-central-1\.console\.aws\.amazon\.com\/guardduty\//);
  });

  test('of AI Protection name the models and guardrails', async () => {
    const resource = {
      resourceType: 'AccessKey',
      accessKeyDetails: { accessKeyId: 'AKIA1', userName: 'bob', userType: 'IAMUser' },
      modelDetails: [{ modelId: 'arn:aws:bedrock:eu-central-1::foundation-model/large' }],
      bedrockGuardrailDetails: {
        guardrails: [{ arn: 'arn:aws:bedrock:eu-central-1:123456789012:guardrail/1', version: '1' }],
        contentPolicyFilters: [{ type: 'PROMPT_ATTACK', confidence: 'HIGH', action: 'NONE' }],
      },
    };
    const text = await textOf(findingEvent({ type: 'Impact:IAMUser/PromptInjection.Direct', resource }));
    expect(text).toContain('Model `arn:aws:bedrock:eu-central-1::foundation-model/large`');
    expect(text).toContain('Bedrock guardrail `arn:aws:bedrock:eu-central-1:123456789012:guardrail/1`');
    expect(text).toContain('outcome `NONE`');
  });

  test('are taken apart into purpose, resource, family, mechanism, variant and artifact', () => {
    expect(parseFindingType('CryptoCurrency:EC2/BitcoinTool.B!DNS')).toMatchObject({
      purpose: 'CryptoCurrency',
      resource: 'EC2',
      family: 'BitcoinTool',
      variant: 'B',
      artifact: 'DNS',
    });
    expect(parseFindingType('Impact:S3/AnomalousBehavior.Delete')).toMatchObject({
      mechanism: 'Delete',
      variant: undefined,
    });
  });

  test('that do not exist yet give a sensible message', async () => {
    const text = await textOf(findingEvent({ type: 'Sabotage:Satellite/OrbitDecay.Z!Laser' }));
    expect(text).toContain('Sabotage: Orbit decay (variant Z, Laser)');
  });

  test('of another form are shown as they are', async () => {
    expect(parseFindingType('not a type')).toBeUndefined();
    expect(await textOf(findingEvent({ type: 'not a type' }))).toContain('not a type');
  });

  test('keep acronyms in their words', () => {
    expect([inWords('DGADomainRequest'), inWords('C&CActivity'), inWords('SSHBruteForce')]).toEqual([
      'DGA domain request',
      'C&C activity',
      'SSH brute force',
    ]);
  });
});

describe('severity', () => {
  test.each([
    [1, 'Low'],
    [3.9, 'Low'],
    [3.999_9, 'Low'],
    [4, 'Medium'],
    [6.95, 'Medium'],
    [7, 'High'],
    [8.9, 'High'],
    [8.99, 'High'],
    [9, 'Critical'],
    [10, 'Critical'],
  ])('%d is %s', (severity, band) => {
    expect(bandOf(severity)).toBe(band);
  });
});

describe('what becomes no message', () => {
  test.each([
    ['an archived finding', findingEvent({ service: { archived: true } }), 'archived'],
    ['an archive event without a severity', findingEvent({ severity: undefined }), 'notAFinding'],
    [
      'another event of GuardDuty',
      { ...findingEvent(), 'detail-type': 'GuardDuty Malware Protection Object Scan Result' },
      'notAFinding',
    ],
    ['an object that is no event', { hello: 'world' }, 'noEvent'],
    [
      "the notifier's own test",
      { source: 'garrison.self-test', 'detail-type': 'Garrison Self-Test', detail: {} },
      'selfTest',
    ],
  ])('%s', async (_, event, why) => {
    expect(await parsed(event)).toEqual({ ignored: why });
  });
});
