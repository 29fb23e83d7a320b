/** Whether no other machine can come to what listens at a host of the configuration. */
export function isLocalHost(host: string): boolean {
  return /^(?:unix:|localhost$|127\.|::1$)/.test(host);
}
