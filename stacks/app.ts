import { App } from 'aws-cdk-lib';
import { GarrisonError, GarrisonErrors } from '../organization/errors';
import { addOrganization } from './organizationStacks';
import { readModel } from './readModel';

// A program of its own: run by `npx cdk …` through cdk.json, and by the garrison command as a child process.
try {
  const app = new App({ analyticsReporting: false, stackTraces: false, treeMetadata: false });
  addOrganization(
    app,
    readModel(process.env, (name) => app.node.tryGetContext(name)),
  );
  app.synth();
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
}

function describe(error: unknown): string {
  if (error instanceof GarrisonErrors) {
    return error.problems.map(describe).join('\n');
  }
  if (error instanceof GarrisonError) {
    return `${error.message}. ${error.remedy}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
