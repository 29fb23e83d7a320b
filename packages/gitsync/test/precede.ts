/** Puts something before some functions of an object; a module's importers see that once its exports are synchronized. */
export function precede(target: object, names: readonly string[], before: () => void): void {
  for (const name of names) {
    const original: unknown = Reflect.get(target, name);
    if (typeof original !== "function") {
      throw new TypeError(`expected a function ${name}, got ${typeof original}`);
    }
    Reflect.set(target, name, (...args: unknown[]): unknown => {
      before();
      return Reflect.apply(original, target, args);
    });
  }
}
