import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { CONDEMNATION, NEW_RUN, NOW, publish } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { type History, openHistory } from "./index.ts";

interface ModelGeneration {
  readonly number: number;
  readonly toplevel: string;
}

/** What a history of generations must do, in a few lines: live generations, the newest last. */
class Model {
  readonly live = new Map<string, ModelGeneration[]>();
  readonly taken = new Map<string, number>();

  take(host: string): number {
    const number = (this.taken.get(host) ?? 0) + 1;
    this.taken.set(host, number);
    return number;
  }

  publish(host: string, toplevel: string): number {
    const generations = this.live.get(host) ?? [];
    const known = generations.find((generation) => generation.toplevel === toplevel);
    const published = known ?? { number: this.take(host), toplevel };
    this.live.set(host, [...generations.filter((generation) => generation !== known), published]);
    return published.number;
  }

  newest(hosts: readonly string[]): (readonly [string, number])[] {
    return hosts.flatMap((host) => {
      const newest = this.live.get(host)?.at(-1);
      return newest === undefined ? [] : [[host, newest.number] as const];
    });
  }

  /** Takes out the generation at this place, counted around; returns its number. */
  condemn(host: string, place: number): number | undefined {
    const generations = this.live.get(host) ?? [];
    const condemned = generations[place % generations.length];
    this.live.set(
      host,
      generations.filter((generation) => generation !== condemned),
    );
    return condemned?.number;
  }
}

interface Operation {
  readonly type: "publish" | "take" | "condemn" | "delete" | "reopen";
  readonly host: string;
  readonly choice: number;
}

const HOSTS = ["mz", "nz"];

const operations = fc.array(
  fc.record<Operation>({
    type: fc.constantFrom("publish", "publish", "publish", "take", "condemn", "delete", "reopen"),
    host: fc.constantFrom(...HOSTS),
    choice: fc.nat({ max: 5 }),
  }),
  { maxLength: 30 },
);

/** A history and the model that it must agree with. */
interface Pair {
  readonly open: () => History;
  readonly model: Model;
  history: History;
}

/** Applies an operation to both; returns the numbers that the two gave for it. */
function apply(pair: Pair, { type, host, choice }: Operation): readonly (number | undefined)[] {
  const { history, model } = pair;
  if (type === "publish") {
    const toplevel = `/nix/store/${choice}`;
    const run = history.startRun(NEW_RUN);
    return [publish(history, { run, host, toplevel }), model.publish(host, toplevel)];
  }
  if (type === "take") return [history.takeGenerationNumber(host), model.take(host)];
  if (type === "reopen") {
    history.close();
    pair.history = pair.open();
    return [];
  }
  const number = model.condemn(host, choice);
  if (number !== undefined) history.condemnGeneration({ host, number }, CONDEMNATION);
  if (number !== undefined && type === "delete") history.recordDeletion({ host, number }, NOW);
  return [];
}

describe("generation numbers", () => {
  it("are never given twice, and the newest is the one published last", () => {
    fc.assert(
      fc.property(operations, (sequence) => {
        using directory = createTemporaryDirectory();
        const open = (): History => openHistory(directory.file("history.sqlite"), { now: NOW });
        const pair: Pair = { open, model: new Model(), history: open() };

        const given = sequence.map((operation) => apply(pair, operation));
        using history = pair.history;

        expect(given.map(([number]) => number)).toEqual(given.map(([, expected]) => expected));
        const newest = history.newestGenerations().map(({ host, number }) => [host, number]);
        expect(newest).toEqual(pair.model.newest(HOSTS));
        expect(HOSTS.map((host) => history.takeGenerationNumber(host))).toEqual(
          HOSTS.map((host) => pair.model.take(host)),
        );
      }),
      { numRuns: 50 },
    );
  });
});
