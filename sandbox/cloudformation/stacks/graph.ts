/**
 * Runs work on every node as soon as what it needs is done; independent nodes run side by side. After a failure, or
 * once `stopped` says so, nothing new starts.
 *
 * @returns what failed, in the order in which it failed
 */
export async function runGraph(
  nodes: Iterable<string>,
  needs: (node: string) => Iterable<string>,
  work: (node: string) => Promise<void>,
  stopped: (failures: number) => boolean = (failures) => failures > 0,
): Promise<Map<string, unknown>> {
  const wanted = new Set(nodes);
  const failures = new Map<string, unknown>();
  const started = new Map<string, Promise<boolean>>();
  const start = (node: string): Promise<boolean> => {
    let promise = started.get(node);
    if (!promise) {
      promise = run(node);
      started.set(node, promise);
    }
    return promise;
  };
  const run = async (node: string): Promise<boolean> => {
    const waits = [...needs(node)].filter((each) => wanted.has(each) && each !== node);
    const done = await Promise.all(waits.map(start));
    if (done.includes(false) || stopped(failures.size)) {
      return false;
    }
    try {
      await work(node);
      return true;
    } catch (error) {
      failures.set(node, error);
      return false;
    }
  };
  await Promise.all([...wanted].map(start));
  return failures;
}

/** Who needs a node: the graph turned round, for deletions. */
export function dependentsOf(
  nodes: Iterable<string>,
  needs: (node: string) => Iterable<string>,
): (node: string) => Iterable<string> {
  const dependents = new Map<string, string[]>();
  for (const node of nodes) {
    for (const need of needs(node)) {
      const known = dependents.get(need);
      if (known) {
        known.push(node);
      } else {
        dependents.set(need, [node]);
      }
    }
  }
  return (node) => dependents.get(node) ?? [];
}
