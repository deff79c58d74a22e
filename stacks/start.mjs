// Starts the CDK app: from its bundle as long as no source file is newer than that, else from the sources.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, 'dist', 'stacks.js');
const require = createRequire(import.meta.url);

if (isCurrent()) {
  require(bundle);
} else {
  require('tsx/cjs/api').register();
  require(join(root, 'stacks', 'app.ts'));
}

function isCurrent() {
  const inputs = join(root, 'dist', 'stacks.inputs.json');
  if (!existsSync(bundle) || !existsSync(inputs)) {
    return false;
  }
  const built = statSync(bundle).mtimeMs;
  return JSON.parse(readFileSync(inputs, 'utf8')).every((file) => {
    const source = statSync(join(root, file), { throwIfNoEntry: false });
    return source !== undefined && source.mtimeMs <= built;
  });
}
