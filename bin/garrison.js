#!/usr/bin/env node
// The SDK's notice about future Node.js versions would mix with what the command prints.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// Answers about thousands of accounts pass through: V8 would let what nobody holds any more grow to a multiple of the rest.
require('node:v8').setFlagsFromString('--heap-growing-percent=15');

// Colours are for people: a pipe, a file and a CI log get plain text unless FORCE_COLOR asks for more.
if (!process.stdout.isTTY && process.env.FORCE_COLOR === undefined) {
  process.env.NO_COLOR ??= '1';
}

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const bundle = join(__dirname, '..', 'dist', 'garrison.js');
if (!existsSync(bundle)) {
  process.stderr.write('garrison has not been built in this clone. Run: npm ci (or npm run build)\n');
  process.exit(1);
}
void require(bundle).main();
