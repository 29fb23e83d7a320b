import { readdirSync, readFileSync } from "node:fs";

const FIXTURES = new URL("fixtures/", import.meta.url);

/** What a version of Nix printed for a narinfo, or the error it ended with. */
export type NixVerdict =
  | string
  | {
      readonly narHash: string;
      readonly narSize: number;
      readonly references: readonly string[];
      readonly url: string;
      readonly signatures: readonly string[];
      readonly compression: string;
      readonly deriver: string | null;
      readonly ca: string | null;
      readonly downloadSize?: number;
    };

export interface NarInfoCase {
  readonly id: string;
  readonly file: string;
  readonly required: "accept" | "reject" | "optional";
  readonly "nix_2.34.8": NixVerdict;
}

export interface SignVectors {
  readonly keys: Readonly<Record<"k1" | "k2", { readonly secret: string; readonly public: string }>>;
  readonly sign: readonly {
    readonly id: string;
    readonly storePath: string;
    readonly narHash: string;
    readonly narSize: string;
    readonly references: readonly string[];
    readonly fingerprint: string;
    readonly signatures: Readonly<Record<"k1" | "k2", string>>;
  }[];
  readonly verify: readonly {
    readonly id: string;
    readonly fingerprint: string;
    readonly signature: string;
    readonly publicKey: string;
    readonly expect: boolean;
  }[];
}

export interface Base32Vectors {
  readonly encode_decode: readonly Readonly<
    Record<"id" | "base16" | "nix32" | "algo" | "base64" | "sri", string>
  >[];
  readonly decode_edge: readonly Readonly<Record<"id" | "nix32" | "nix_2.34.8", string>>[];
}

export interface StorePathVectors {
  readonly names: readonly Readonly<Record<"name" | "nix_2.34.8", string>>[];
  readonly paths: readonly Readonly<Record<"id" | "path", string>>[];
}

export function readFixture(name: string): string {
  return readFileSync(new URL(name, FIXTURES), "utf8");
}

export function readVectors<Vectors>(name: string): Vectors {
  return JSON.parse(readFixture(name)) as Vectors;
}

/** The narinfos that real Nix wrote. */
export function readRealNarInfos(): { name: string; text: string }[] {
  const names = readdirSync(new URL("narinfo/real/", FIXTURES));
  return names.map((name) => ({ name, text: readFixture(`narinfo/real/${name}`) }));
}
