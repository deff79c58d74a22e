import { App } from 'aws-cdk-lib';
import { addOrganization } from './organizationStacks';
import { readModel } from './readModel';

// A program of its own: run by `npx cdk …` through cdk.json, and by the garrison command as a child process.
try {
  const app = new App({ analyticsReporting: false, treeMetadata: false });
  addOrganization(
    app,
    readModel(process.env, (name) => app.node.tryGetContext(name)),
  );
  app.synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
