import type { GatheredState, Gatherer } from './gatherer';
import type { FilePart, Range } from './parts';

/** What a thread found in a part of a file. */
export interface PartFound {
  readonly path: string;
  readonly range: Range;
  readonly state: GatheredState;
  /** The part ends where a record does, so that the next one begins where one begins. */
  readonly isWhole: boolean;
}

interface PartialFile {
  /** Where the first part begins that was not merged. */
  next: number;
  unfit: boolean;
  readonly waiting: Map<number, PartFound>;
  readonly within: Range['within'];
}

/** Puts the parts of large files together, in their order: each is believed once the one in front of it ended well. */
export class PartialFiles {
  private readonly files = new Map<string, PartialFile>();

  constructor(private readonly gatherer: Gatherer) {}

  add(part: PartFound): void {
    const { path, range } = part;
    const file = this.files.get(path) ?? { next: 0, unfit: false, waiting: new Map(), within: range.within };
    this.files.set(path, file);
    if (file.unfit) {
      return;
    }
    file.waiting.set(range.from, part);
    for (let found = file.waiting.get(file.next); found !== undefined; found = file.waiting.get(file.next)) {
      file.waiting.delete(file.next);
      if (!found.isWhole && !found.range.isLast) {
        file.unfit = true;
        file.waiting.clear();
        return;
      }
      this.gatherer.merge(found.state);
      file.next = found.range.to;
    }
  }

  /** What has to be read once more, in one go: files in which a part began within a record. */
  unfit(): FilePart[] {
    return [...this.files]
      .filter(([, { unfit }]) => unfit)
      .map(([path, { next, within }]) => ({
        path,
        bytes: 0,
        range: { from: next, to: Number.POSITIVE_INFINITY, within, isLast: true },
      }));
  }
}
