import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { describeStack, outputsOf } from '../cloudformation/stacks/observe';
import { type Config, loadConfig } from '../organization/config';
import { asksForApproval } from '../organization/config/botSettings';
import { GarrisonError } from '../organization/errors';
import { requestUrlOutput } from '../stacks/model';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { manifestFor, type SlackUses } from './slack/manifest';

interface ManifestOptions extends CommonOptions {
  readonly url?: string;
  readonly yaml: boolean;
}

const placeholder = 'https://example.com/replace-by-the-request-url';

/** `garrison slack manifest`: what to paste at https://api.slack.com/apps to create the app in one step. */
export function register(program: Command, io: Io): void {
  const slack = program.command('slack').description("Garrison's app in Slack.");
  const command = slack
    .command('manifest')
    .description("Print the app's manifest: scopes, events and request URLs as configured.");
  withCommonOptions(command)
    .option('--url <url>', "request URL; that of the deployed stack unless given, with the security account's keys")
    .option('--yaml', 'YAML, as without --json', false)
    .action((options: ManifestOptions) => print(options, io));
}

async function print(options: ManifestOptions, io: Io): Promise<void> {
  if (options.json && options.yaml) {
    throw new GarrisonError('slack.manifest.form', '--json and --yaml exclude each other.', 'Give one of them.');
  }
  const config = loadConfig(options.config);
  const uses: SlackUses = {
    attestation: config.attestation.enabled,
    approvals: asksForApproval(config.responders),
  };
  const called = uses.attestation || uses.approvals;
  const url = options.url === undefined ? await deployedUrl(config) : checkedUrl(options.url);
  if (called && url === undefined) {
    io.stderr.write(hint);
  }
  const manifest = manifestFor(uses, url ?? placeholder);
  io.stdout.write(options.json ? `${JSON.stringify(manifest, null, 2)}\n` : stringify(manifest));
}

const hint = `The request URL is not known yet: it stands as ${placeholder}.
Slack asks the URL before it takes it. So: store the signing secret (garrison secret set signing-secret), run
garrison apply, and print the manifest again with the security account's credentials, or with --url.
`;

/** Slack takes https alone; the local organization is on loopback. */
function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url?.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !loopback)) {
    const remedy = `Give the output ${requestUrlOutput} of the stack garrison-security.`;
    throw new GarrisonError('slack.manifest.url', `${text} is not an https address.`, remedy);
  }
  return url.href;
}

/** `undefined` without credentials, before `garrison apply`, and where nothing calls the function. */
async function deployedUrl({ securityAccount, homeRegion }: Config): Promise<string | undefined> {
  try {
    const client = new CloudFormationClient({ region: homeRegion });
    const target = { accountId: securityAccount, region: homeRegion, client };
    const stack = await describeStack('garrison-security', target);
    return stack && outputsOf(stack)[requestUrlOutput];
  } catch {
    // Printing a manifest needs no AWS: without it, the hint says what is missing.
    return undefined;
  }
}
