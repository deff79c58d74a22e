import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { answerOf, questionsFrom } from '../attestation/questions/question';
import { csvOf } from '../attestation/report/csv';
import { jsonOf } from '../attestation/report/json';
import { type Report, reportOf } from '../attestation/report/report';
import { GarrisonError } from '../organization/errors';
import { type AnnounceOptions, announcementOf, sendAnnouncement } from './attest/announce';
import { parseHead } from './attest/heads';
import { htmlOf } from './attest/html';
import { allEntries, openRecord, reading } from './attest/open';
import { pendingOf, pendingTable } from './attest/pending';
import { periodOf } from './attest/period';
import { verified } from './attest/verify';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';

/** `garrison attest`: the record of who used which privilege, and what for. */
export function register(program: Command, io: Io): void {
  const attest = program
    .command('attest')
    .description('The record of who used which privilege, and what for. Runs as the security account.');
  withCommonOptions(attest.command('pending').description('List the questions without an answer.')).action(
    (options: CommonOptions) => pending(options, io),
  );
  withCommonOptions(
    attest.command('verify').description('Prove that nothing in the record was altered, removed, inserted or moved.'),
  )
    .option('--head <number:hash...>', "an end of the record, as the day's summary in Slack says it")
    .action((options: VerifyOptions) => verifyRecord(options, io));
  withCommonOptions(attest.command('export').description('Write the uses of a period, with their answers.'))
    .option('--from <day>', 'the first day; the beginning of this month unless given')
    .option('--to <day>', 'the last day; until now unless given')
    .option('--format <format>', 'csv, json or html (to be printed)', 'csv')
    .option('--output <file>', 'to a file; to standard output unless given')
    .action((options: ExportOptions) => exportRecord(options, io));
  withCommonOptions(
    attest.command('announce').description('Announce a use beforehand: it is linked, and nobody is asked of it.'),
  )
    .requiredOption('--person <e-mail>', 'who will use a privilege: an e-mail address, or a name as AWS shows it')
    .requiredOption('--purpose <text>', 'what for')
    .option('--ticket <ticket>', 'the ticket')
    .option('--from <time>', 'from when; now unless given')
    .option('--until <time>', 'until when')
    .option('--for <duration>', 'how long, such as 2h; an hour unless given')
    .action((options: AnnounceOptions & CommonOptions) => announceUse(options, io));
}

async function pending(options: CommonOptions, io: Io): Promise<void> {
  const { files, table } = await openRecord(options);
  const entries = await reading(() => allEntries(table));
  const open = questionsFrom(entries).filter((question) => answerOf(question) === undefined);
  const rows = pendingOf(open, entries, { accounts: files.accounts, now: new Date() });
  io.stdout.write(options.json ? `${JSON.stringify({ ok: rows.length === 0, pending: rows })}\n` : pendingTable(rows));
  io.setExitCode(rows.length === 0 ? 0 : 2);
}

interface VerifyOptions extends CommonOptions {
  readonly head?: readonly string[];
}

async function verifyRecord(options: VerifyOptions, io: Io): Promise<void> {
  const given = (options.head ?? []).map(parseHead);
  const { entries, head, anchors, findings } = await verified(await openRecord(options), given);
  // Without anything to compare with, whoever cut the end off would not be found out.
  const unanchored = entries > 0 && anchors === 0 && findings.length === 0;
  const ok = findings.length === 0 && !unanchored;
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok, entries, head, anchors, findings })}\n`);
  } else {
    for (const { text } of findings) {
      io.stdout.write(`${pc.red('✖')} ${text}\n`);
    }
    const end = `${entries} entries, the last ${head.number}:${head.hash}`;
    const verdict = ok
      ? `Verified: ${end}. ${anchors} published ends agree.`
      : unanchored
        ? `Sound in itself, but nothing published can be compared with: ${end}. Give --head, from the day's summary in Slack.`
        : `Not as it was written: ${findings.length} findings. ${end}.`;
    io.stdout.write(`${verdict}\n`);
  }
  io.setExitCode(ok ? 0 : 1);
}

interface ExportOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly format: string;
  readonly output?: string;
}

const formats: Readonly<Record<string, (report: Report) => string>> = { csv: csvOf, json: jsonOf, html: htmlOf };

async function exportRecord(options: ExportOptions, io: Io): Promise<void> {
  const now = new Date();
  const period = periodOf(options, now);
  const render = formats[options.format];
  if (render === undefined) {
    throw new GarrisonError('option.format', `--format ${options.format} is not known`, 'Give csv, json or html.');
  }
  const opened = await openRecord(options);
  const verification = await verified(opened);
  const entries = await reading(() => allEntries(opened.table));
  const report = reportOf(entries, { ...period, now, accounts: opened.files.accounts, verification });
  const text = render(report);
  if (options.output === undefined) {
    io.stdout.write(text);
  } else {
    await writeFile(options.output, text);
    const said = options.json
      ? JSON.stringify({ ok: true, output: options.output, uses: report.uses.length })
      : `${options.output}: ${report.uses.length} uses.`;
    io.stdout.write(`${said}\n`);
  }
  if (verification.findings.length > 0) {
    io.stderr.write(`${pc.red('!')} The record is not as it was written: see garrison attest verify.\n`);
    io.setExitCode(1);
  }
}

async function announceUse(options: AnnounceOptions & CommonOptions, io: Io): Promise<void> {
  const opened = await openRecord(options);
  const announcement = await announcementOf(options, opened.files.config, new Date());
  const recorded = await sendAnnouncement(announcement, opened);
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ ok: true, ...recorded })}\n`
      : `On record as ${recorded.announcement}: ${recorded.person.name}, ${recorded.from} to ${recorded.until}.\n`,
  );
}
