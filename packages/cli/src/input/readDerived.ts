import { UsageError } from "../terminal/exitCodes.ts";

/**
 * Reads `--derive "energy = P / v"`: expressions by the name of their feature.
 *
 * @throws UsageError for a text that is none, or a name given twice
 */
export function readDerived(texts: readonly string[] = []): Record<string, string> {
  const derived: Record<string, string> = {};
  for (const text of texts) {
    const [, name, expression] = /^\s*([^=<>!]+?)\s*=(?!=)\s*(.+)$/s.exec(text) ?? [];
    if (name === undefined || expression === undefined) {
      throw new UsageError(`--derive: expected NAME=EXPRESSION, found "${text}"`);
    }
    if (Object.hasOwn(derived, name)) throw new UsageError(`--derive: "${name}" is given twice`);
    derived[name] = expression;
  }
  return derived;
}
