// Bundles the command and the CDK app into dist/, so that `npx garrison` starts fast from a clone.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

// Large, lazily loaded or shipped with native parts: read from node_modules when they are needed.
const external = [
  '@aws-sdk/*',
  '@smithy/*',
  '@cloud-copilot/*',
  'aws-cdk-lib',
  'constructs',
  'cdk-stacksets',
  'cdk-nag',
  'esbuild',
];

const { metafile } = await build({
  entryPoints: { garrison: 'scripts/garrison.ts', stacks: 'stacks/app.ts', 'hunt-worker': 'detections/hunt/worker.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external,
  // Names in stack traces and in errors matter more than the last kilobytes.
  keepNames: true,
  logLevel: 'warning',
  metafile: true,
});

// By these, stacks/start.mjs sees whether the bundle is still current.
const inputs = Object.keys(metafile.outputs['dist/stacks.js'].inputs).filter((file) => !file.includes('node_modules'));
writeFileSync('dist/stacks.inputs.json', JSON.stringify(inputs));
