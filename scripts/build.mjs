// Bundles the command and the CDK app into dist/, so that `npx garrison` starts fast from a clone.
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

await build({
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
});
