import fc from 'fast-check';

/** Texts as attackers write them: syntax of Slack, controls, overlong, unpaired surrogates. */
export const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '|', '!', '@', '`', '*', '_', '~', '\n', '\u202e', '\u0000', '\ud800', 'x'),
    maxLength: 4_000,
  }),
  fc.constantFrom(
    '<!channel>',
    '<!here|x>',
    '<@U123>',
    '<https://evil.example|console>',
    '@here',
    '@everyone',
    '```',
    '&lt;!channel&gt;',
    '__proto__',
  ),
);
/** Whatever JSON can hold. */
export const anything = fc.oneof(
  hostile,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(hostile, { maxLength: 3 }),
  fc.dictionary(fc.string(), hostile, { maxKeys: 3 }),
);
