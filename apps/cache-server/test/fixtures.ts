// Made with real Nix 2.8.0; 2.26.3 and 2.34.8 make the same signatures.
import type { PathInfo } from "@nix-cache/store-db";

/** A throw-away key: `nix key generate-secret --key-name cache.example.org-1`. */
export const KEY_1 = {
  secret:
    "cache.example.org-1:hVa32KymD8L3vSwlxWsJGmOy/ASjNHkxW8Jgq4rFtTWir6wtr44CaBfrx2yfg0tkw78rG8gTBrkdVyM+gTgucQ==",
  public: "cache.example.org-1:oq+sLa+OAmgX68dsn4NLZMO/KxvIEwa5HVcjPoE4LnE=",
};

/** Another: `nix-store --generate-binary-cache-key cache.example.org-2`. */
export const KEY_2 = {
  secret:
    "cache.example.org-2:cJmwGSESU2heIQCVRCcef69EL7+4oHvi8yOTvr+7UB8Yuy/Lqdp/KG6OWKqPvlFDxeVfQYHNipTRmvtPLNkJTw==",
  public: "cache.example.org-2:GLsvy6nafyhujliqj75RQ8XlX0GBzYqU0Zr7TyzZCU8=",
};

/** What the database says of a path with two outputs' worth of references, and its signature by each key. */
export const MULTI: { readonly info: PathInfo; readonly signature1: string; readonly signature2: string } = {
  info: {
    path: "/nix/store/552hbm8si9y1d090nnlqs6misr8qcly8-multi",
    narHash: "sha256:c5afc8db057efb60cfa869050d0794019f4d65dcef4cabbc88ced778c7b0aed6",
    narSize: 336,
    references: ["/nix/store/pmkkwdh75z5r5l3zdw21kdvcrmpfxm89-multi-dev"],
    deriver: "/nix/store/g2hsjmgjyx57j094g5w32msfff0wwil4-multi.drv",
    signatures: [
      "cache.example.org-1:IDjHHstoRRaak1IHvBk6NYHqF8gzfuDrxphWuGCZXw+3GVwqffkrn2djRSOVvIHSw0p45+KuEfOknheV0k5+BQ==",
    ],
    registrationTime: 1795329328,
    ultimate: true,
  },
  signature1:
    "cache.example.org-1:IDjHHstoRRaak1IHvBk6NYHqF8gzfuDrxphWuGCZXw+3GVwqffkrn2djRSOVvIHSw0p45+KuEfOknheV0k5+BQ==",
  signature2:
    "cache.example.org-2:6NOTvwWw1kIbnqWAWin97LjL9bYWAKvEfe18brIy+oQhZ9p/Y4jat9O/a/DLW2linmTCsW24lAX/dAbX8EbvCw==",
};
