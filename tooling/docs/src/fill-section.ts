/**
 * Puts what is generated into a page that people write: between `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
 *
 * @throws Error when the page has no such place
 */
export function fillSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->\n`, `<!-- end: ${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`expected ${begin.trim()} and ${end} in the page`);
  return `${page.slice(0, from + begin.length)}\n${content.trim()}\n\n${page.slice(to)}`;
}
