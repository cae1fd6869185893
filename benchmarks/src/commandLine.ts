import { pathToFileURL } from "node:url";

/** Whether the module at `url` is the program that was started, not imported by another. */
export function isMain(url: string): boolean {
  const [, program] = process.argv;
  return program !== undefined && url === pathToFileURL(program).href;
}

/** Runs `benchmark` if the module at `url` was started as a program, and prints what it returns: see {@link report}. */
export async function runAsCommand<Result>(
  url: string,
  benchmark: () => Result | Promise<Result>,
  print: (result: Result) => void,
): Promise<void> {
  if (isMain(url)) report(await benchmark(), print);
}

/** Writes the result as JSON, with every field, under `--json`; otherwise as the text that `print` makes of it. */
export function report<Result>(result: Result, print: (result: Result) => void): void {
  if (hasOption("json")) console.log(JSON.stringify(result, undefined, 2));
  else print(result);
}

/** Whether `--name` was given. */
export function hasOption(name: string): boolean {
  return process.argv.includes(`--${name}`);
}

/** The word after `--name`, empty where nothing follows; undefined without the option. */
export function textOption(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : (process.argv[at + 1] ?? "");
}

/** The numbers given as `--name value`; a name that was not given is absent, so that its default holds. */
export function numberOptions<Name extends string>(names: readonly Name[]): { readonly [K in Name]?: number } {
  const given: { [K in Name]?: number } = {};
  for (const name of names) {
    const at = process.argv.indexOf(`--${name}`);
    if (at >= 0) given[name] = Number(process.argv[at + 1]);
  }
  return given;
}
