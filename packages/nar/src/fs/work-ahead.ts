/** Work to be done ahead of its consumer. */
export interface AheadOptions<Item, Result> {
  /** Items started before the first result is taken. */
  readonly limit: number;
  /** Starts the work on an item. */
  readonly start: (item: Item) => Result | Promise<Result>;
  /** Releases a result that the consumer never took. */
  readonly release?: (result: Result) => void;
}

/** Starts work on up to `limit` items ahead of the consumer, and yields the results in order. */
export async function* workAhead<Item, Result extends object>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { limit, start, release }: AheadOptions<Item, Result>,
): AsyncGenerator<Result, void, void> {
  const started: (Result | Promise<Result>)[] = [];
  try {
    for await (const item of items) {
      const work = start(item);
      // A failure waits for its turn; until then it must not count as unhandled.
      if (work instanceof Promise) work.catch(() => undefined);
      started.push(work);
      const first = started.length > limit ? started.shift() : undefined;
      if (first !== undefined) yield await first;
    }
    for (let first = started.shift(); first !== undefined; first = started.shift()) yield await first;
  } finally {
    for (const outcome of await Promise.allSettled(started.map(async (work) => work))) {
      if (outcome.status === "fulfilled") release?.(outcome.value);
    }
  }
}
