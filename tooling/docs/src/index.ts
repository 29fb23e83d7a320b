export { listBlocks } from "./markdown/list-snippets.ts";
export type { Snippet } from "./markdown/list-snippets.ts";
export { readPage, takeSection } from "./markdown/read-pages.ts";
export type { MarkdownPage } from "./markdown/read-pages.ts";
