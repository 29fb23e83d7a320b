import * as fc from "fast-check";

import type { FileFingerprint, SystemClosure, SystemFacts } from "../src/index.ts";
import { nextSystem, type Part, system } from "./closures.ts";

const arbitraryName = fc
  .tuple(
    fc.constantFrom("a", "b", "linux-firmware", "python3.12-requests", "unit-sshd.service"),
    fc.constantFrom("", "-1.0", "-1.1", "-2.0pre1", "-2147483648", "-1-0"),
    fc.constantFrom("", "-bin", "-lib"),
  )
  .map((pieces) => pieces.join(""));

const arbitraryPart: fc.Arbitrary<Part> = fc.record({
  name: arbitraryName,
  build: fc.constantFrom("0", "1"),
  narSize: fc.nat({ max: 100_000 }),
});

/** Few names, so that they meet; some no honest store would have. */
const arbitraryFileName = fc.oneof(
  fc.constantFrom("sshd.service", "getty@tty1.service", "multi-user.target.wants/sshd.service", "a|b`c`"),
  fc.string({ unit: "binary", maxLength: 100 }),
);

const arbitraryFiles: fc.Arbitrary<ReadonlyMap<string, FileFingerprint>> = fc
  .uniqueArray(
    fc.tuple(
      arbitraryFileName,
      fc.record({ exact: fc.constantFrom("1", "2"), content: fc.constantFrom("1", "2") }),
    ),
    { selector: ([name]) => name, maxLength: 40 },
  )
  .map((entries) => new Map(entries));

const arbitraryStorePath = fc.constantFrom("/nix/store/a-linux-6.12", "/nix/store/b-linux-6.13");

const arbitraryFacts: fc.Arbitrary<SystemFacts> = fc.record(
  {
    kernel: arbitraryStorePath,
    initrd: arbitraryStorePath,
    kernelModules: arbitraryStorePath,
    systemd: arbitraryStorePath,
    kernelParams: fc.array(fc.constantFrom("quiet", "console=tty0", "\u001B[31m")),
    units: arbitraryFiles,
    etc: arbitraryFiles,
  },
  { requiredKeys: [] },
);

function arbitrarySystem(make: typeof nextSystem): fc.Arbitrary<SystemClosure> {
  const needed = fc.uniqueArray(arbitraryPart, {
    selector: ({ name, build }) => `${name} ${build}`,
    maxLength: 30,
  });
  return fc
    .tuple(needed, fc.option(arbitraryFacts, { nil: undefined }))
    .map(([parts, facts]) => make(parts, facts));
}

/** Two systems, the second of which may be anything but the first. */
export const arbitrarySystems: fc.Arbitrary<readonly [SystemClosure, SystemClosure]> = fc.tuple(
  arbitrarySystem(system),
  arbitrarySystem(nextSystem),
);
