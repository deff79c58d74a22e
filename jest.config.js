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

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testTimeout: 60_000,
  // Two cores: a third worker works while the others wait for timers and children.
  maxWorkers: 3,
  setupFiles: ['<rootDir>/test/setup.js'],
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
};
