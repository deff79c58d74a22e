import Table from 'cli-table3';
import type { Command } from 'commander';
import { GarrisonError } from '../../organization/errors';
import { enabledRegions } from '../../organization/regions';
import { type AllowedImages, type AllowedImagesState, allowedImagesStates } from '../../responders/allowedImages';
import type { Answer } from '../../responders/ask';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { type Files, loadFiles } from '../rollout/files';
import { askFunction, type Operator, openOperator } from './function';

interface ImagesOptions extends CommonOptions {
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly set?: string;
  readonly providers?: readonly string[];
}

const help = `
EC2 itself can refuse images of others: its setting Allowed AMIs, region by region.
  garrison responders images                                          what is set, everywhere
  garrison responders images --set audit-mode --account 111122223333  only marks what would be refused
  garrison responders images --set enabled --providers amazon 222233334444 --account 111122223333
It never restricts an account's own images: those are left to the responder unapproved-image.
`;

/** `garrison responders images`: EC2's own setting Allowed AMIs. */
export function registerImages(command: Command, io: Io): void {
  const own = command
    .command('images')
    .description("EC2's own setting Allowed AMIs: read it, or set it, by account and region.")
    .option('--account <id...>', 'these accounts; all of accounts.csv unless given')
    .option('--region <region...>', 'these regions; those that are guarded unless given')
    .option('--set <state>', `${allowedImagesStates.join(', ')}; needs --account`)
    .option('--providers <who...>', 'whose images start: account ids, amazon, aws-marketplace, aws-backup-vault')
    .addHelpText('after', help);
  withCommonOptions(own).action((options: ImagesOptions) => images(options, io));
}

const isImages = (answer: Answer): answer is { allowedImages: readonly AllowedImages[] } => 'allowedImages' in answer;

async function images(options: ImagesOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const state = stateOf(options);
  const strangers = options.account?.filter((id) => !files.accounts.some((known) => known.id === id)) ?? [];
  if (strangers.length > 0) {
    throw refused(`account ${strangers[0]} is not in accounts.csv`);
  }
  const operator = await openOperator(files.config);
  const places = await placesOf(options, files, operator);
  const found: AllowedImages[] = [];
  // The function has its own time limit: so many at once it answers well within it.
  for (let start = 0; start < places.length; start += 40) {
    const change = state && { state, providers: options.providers };
    const asked = { allowedImages: { places: places.slice(start, start + 40), change } };
    found.push(...(await askFunction(asked, operator, isImages)).allowedImages);
  }
  const failed = found.filter(({ failure }) => failure !== undefined);
  io.stdout.write(options.json ? `${JSON.stringify({ ok: failed.length === 0, images: found })}\n` : table(found));
  io.setExitCode(failed.length > 0 ? 1 : 0);
}

/** @throws GarrisonError `images.options` */
function stateOf({ set, account, providers }: ImagesOptions): AllowedImagesState | undefined {
  const state = allowedImagesStates.find((known) => known === set);
  if (set !== undefined && state === undefined) {
    throw refused(`--set ${set} is none of ${allowedImagesStates.join(', ')}`);
  }
  if (state !== undefined && account === undefined) {
    throw refused('--set needs --account: nothing is set everywhere by accident');
  }
  if (providers !== undefined && (state === undefined || state === 'disabled')) {
    throw refused('--providers belongs to --set audit-mode or --set enabled');
  }
  const wrong = providers?.find((each) => !/^(\d{12}|amazon|aws-marketplace|aws-backup-vault)$/.test(each));
  if (wrong !== undefined) {
    throw refused(`--providers ${wrong} is no account id, amazon, aws-marketplace or aws-backup-vault`);
  }
  return state;
}

function refused(message: string): GarrisonError {
  return new GarrisonError('images.options', message, 'See `garrison responders images --help`.');
}

async function placesOf({ account, region }: ImagesOptions, { config, accounts }: Files, { session }: Operator) {
  const regions = region ?? (config.regions === 'all' ? await enabledRegions(session) : config.regions);
  const ids = account ?? accounts.map(({ id }) => id);
  return ids.flatMap((accountId) => regions.map((each) => ({ accountId, region: each })));
}

function table(found: readonly AllowedImages[]): string {
  const view = new Table({
    head: ['account', 'region', 'Allowed AMIs', 'managed by'],
    style: { head: [], border: [], compact: true },
  });
  for (const { accountId, region, state, managedBy, failure } of found) {
    view.push([accountId, region, failure ? `${failure.code}: ${failure.message}` : (state ?? '?'), managedBy ?? '']);
  }
  return `${view.toString()}\n`;
}
