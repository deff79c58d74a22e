// Packages that ship ES modules only: jest's CommonJS mode needs them transformed.
const esModules = [
  'p-map',
  'csv-parse',
  'zod',
  'listr2',
  'picocolors',
  'cli-truncate',
  'log-update',
  'wrap-ansi',
  'slice-ansi',
  'string-width',
  'strip-ansi',
  'ansi-[^/]+',
  'get-east-asian-width',
  'is-fullwidth-code-point',
  'eventemitter3',
  'rfdc',
  'restore-cursor',
  'cli-cursor',
  'onetime',
  'mimic-function',
  'environment',
  'colorette',
];

// Large packages without state of their own: loaded once in a worker (test/support/environment.js).
const once = [
  '@aws-sdk',
  '@smithy',
  '@cloud-copilot',
  '@slack',
  'aws-cdk-lib',
  'cdk-nag',
  'cdk-stacksets',
  'constructs',
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testTimeout: 60_000,
  // Two cores: a third worker works while the others wait for timers and children.
  maxWorkers: 3,
  setupFiles: ['<rootDir>/test/setup.js'],
  transform: {
    [`/node_modules/(${once.join('|')})/.+\\.c?js$`]: '<rootDir>/test/support/once.js',
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${[...esModules, ...once].join('|')})/)`],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
};
