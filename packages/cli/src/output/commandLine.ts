/** An argument, or an option with its values: undefined, false and empty lists are left out. */
export type CommandOption = readonly [name: string, value: string | number | boolean | readonly string[] | undefined];

/** A command line as a shell takes it. */
export function commandLine(command: readonly string[], options: readonly CommandOption[]): string {
  const parts = [...command.map(quoted)];
  for (const [name, value] of options) {
    if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) continue;
    parts.push(`--${name}`);
    if (value === true) continue;
    const values = typeof value === "string" || typeof value === "number" ? [String(value)] : value;
    parts.push(...values.map(quoted));
  }
  return parts.join(" ");
}

function quoted(text: string): string {
  return /^[\w./:=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
