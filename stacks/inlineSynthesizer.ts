import {
  type DockerImageAssetLocation,
  type FileAssetLocation,
  type ISynthesisSession,
  StackSynthesizer,
} from 'aws-cdk-lib';

/** For stacks that come before any bucket: the template goes inline, and the caller's own credentials deploy it. */
export class InlineSynthesizer extends StackSynthesizer {
  override addFileAsset(): FileAssetLocation {
    throw new Error(`${this.boundStack.stackName} is deployed before there is a bucket: it cannot hold assets`);
  }

  override addDockerImageAsset(): DockerImageAssetLocation {
    return this.addFileAsset() as never;
  }

  override synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
    this.emitArtifact(session);
  }
}
