import { describe, expectTypeOf, it } from "vitest";

import type { NarInfo, PublicKey, SecretKey, Signer, TrustedKey, Verifier } from "../src/index.ts";
import { parseNarInfo, signNarInfo, verifyNarInfo } from "../src/index.ts";

describe("the types of keys", () => {
  it("do not let a secret key pass for a public one, nor the reverse", () => {
    expectTypeOf<SecretKey>().not.toExtend<PublicKey>();
    expectTypeOf<PublicKey>().not.toExtend<SecretKey>();
    expectTypeOf<SecretKey>().not.toExtend<TrustedKey>();
    expectTypeOf<PublicKey>().not.toExtend<SecretKey | Signer>();
  });

  it("let public keys, verifiers and texts be trusted", () => {
    expectTypeOf<PublicKey | Verifier | string>().toExtend<TrustedKey>();
  });
});

describe("the types of functions", () => {
  it("make signing and verifying synchronous", () => {
    expectTypeOf(signNarInfo).returns.toEqualTypeOf<string>();
    expectTypeOf(verifyNarInfo).returns.toEqualTypeOf<boolean>();
  });

  it("let signing do with the fields that a signature covers", () => {
    type Covered = Pick<NarInfo, "storePath" | "narHash" | "narSize" | "references">;

    expectTypeOf<Covered>().toExtend<Parameters<typeof signNarInfo>[0]>();
  });

  it("leave out what is absent, and never give undefined", () => {
    expectTypeOf(parseNarInfo).returns.toEqualTypeOf<NarInfo>();
    expectTypeOf<{ deriver: undefined }>().not.toExtend<Pick<NarInfo, "deriver">>();
  });
});
