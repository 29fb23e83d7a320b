import { describe, expect, it } from "vitest";

import { verifyMessage } from "./ed25519.ts";

const MESSAGE = Buffer.from("hello");

// libsodium 1.0.18 refuses each; OpenSSL, or noble by the rules of ZIP 215, would take them.
describe("verifyMessage", () => {
  it("refuses an R of small order", () => {
    // R is the neutral element and S the challenge times the secret scalar, so the equation of RFC 8032 holds.
    const publicKey = Buffer.from("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8", "hex");
    const s = Buffer.from("886ae494f275b058711e7af9a674b98a115a93ee84abcc8d0bf3e79ab2cdec02", "hex");
    const signature = Buffer.concat([Uint8Array.of(1), new Uint8Array(31), s]);

    expect(verifyMessage(signature, MESSAGE, publicKey)).toBe(false);
  });

  it("refuses a public key of small order", () => {
    const neutral = Uint8Array.of(1, ...new Uint8Array(31));
    const signature = Uint8Array.of(...neutral, ...new Uint8Array(32));

    expect(verifyMessage(signature, MESSAGE, neutral)).toBe(false);
  });

  it("refuses bytes that encode no point", () => {
    expect(verifyMessage(new Uint8Array(64).fill(2), MESSAGE, new Uint8Array(32).fill(2))).toBe(false);
  });
});
