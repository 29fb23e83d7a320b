import { MAX_FINISHED } from "./bounds.ts";

/** The newest {@link MAX_FINISHED} of what is over. */
export interface FinishedList<Item> {
  add(item: Item): void;
  items(): readonly Item[];
}

/** Creates an empty list. */
export function createFinishedList<Item>(): FinishedList<Item> {
  const items: Item[] = [];
  return {
    add(item) {
      items.push(item);
      if (items.length > MAX_FINISHED) items.shift();
    },
    items: () => [...items],
  };
}
