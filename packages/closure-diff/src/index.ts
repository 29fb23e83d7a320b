export type {
  BootPart,
  ClosureDiff,
  ClosureTotals,
  FileChanges,
  PackageChange,
  PackageChangeType,
  RebootReason,
} from "./closure-diff.ts";
export { ClosureDiffError, type ClosureDiffErrorCode } from "./closure-diff-error.ts";
export { diffClosures } from "./diff-closures.ts";
export { formatClosureDiffMarkdown, type MarkdownOptions } from "./format-markdown.ts";
export { formatClosureDiffText, type TextOptions } from "./format-text.ts";
export { type PackageName, parsePackageName, storePathName } from "./package-name.ts";
export { parseClosureDiff } from "./parse-closure-diff.ts";
export { summarizeClosureDiff } from "./summarize-closure-diff.ts";
export type { ClosurePath, SystemClosure } from "./system-closure.ts";
export type { FileFingerprint, SystemFacts } from "./system-facts.ts";
