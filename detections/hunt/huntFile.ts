import { watchers } from '../engine';
import type { Finding } from '../finding';
import type { Overrides } from '../settings';
import { Anchors } from './anchors';
import { type Count, createExaminer } from './examine';
import { readPieces } from './readFile';
import { RecordScanner } from './scanner';

/** What hunting through one file brought. */
export interface FileResult {
  readonly file: string;
  readonly records: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  readonly counts: readonly Count[];
  /** Why the file, or the rest of it, was passed over. */
  readonly broken?: string;
  /** This is a part of the file's result, and more will follow. */
  readonly more?: true;
}

export interface HuntOptions {
  readonly overrides?: Overrides;
  /** ISO 8601: earlier records do not count. */
  readonly since?: string;
}

/** Hunts through a file; its result may come in parts. */
export type FileHunter = (file: string, tell: (result: FileResult) => void) => Promise<void>;

/** So many findings are told at once. */
const partLength = 1000;

/** Prepares the whole catalog once, for many files. The hunter never throws: a broken file is told in its result. */
export function createFileHunter({ overrides, since }: HuntOptions): FileHunter {
  const all = watchers(overrides);
  const anchors = new Anchors(all);
  return async (file, tell) => {
    let findings: Finding[] = [];
    let counts: Count[] = [];
    const take = () => {
      const taken = { findings, counts };
      [findings, counts] = [[], []];
      return taken;
    };
    const output = { finding: (one: Finding) => findings.push(one), count: (one: Count) => counts.push(one) };
    const examiner = createExaminer(all, output, since);
    const scanner = new RecordScanner(anchors, (text, numbers) => examiner.examine(text, numbers));
    let bytes = 0;
    let broken: string | undefined;
    try {
      await readPieces(file, (piece) => {
        bytes += piece.length;
        scanner.push(piece);
        if (findings.length + counts.length > partLength) {
          tell({ file, records: 0, bytes: 0, ...take(), more: true });
        }
      });
      scanner.end();
    } catch (error) {
      broken = (error as Error).message;
    }
    tell({ file, records: scanner.records, bytes, ...take(), broken });
  };
}
