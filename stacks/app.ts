import { App } from 'aws-cdk-lib';
import { readModel } from './readModel';
import { addOrganization } from './organizationStacks';

// A program of its own: run by `npx cdk …` through cdk.json, and by the garrison command as a child process.
try {
  const app = new App();
  addOrganization(app, readModel(process.env, (name) => app.node.tryGetContext(name)));
  app.synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
