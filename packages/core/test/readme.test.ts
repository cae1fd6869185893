import { readFileSync } from "node:fs";
import * as core from "@materiome/core";
import { expect, it } from "vitest";

type AsyncFunction = (...values: unknown[]) => Promise<void>;
const AsyncFunction = (async () => undefined).constructor as new (...source: string[]) => AsyncFunction;

it("the example of the README prints what it says", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const code = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const printed: unknown[][] = [];
  const run = new AsyncFunction(
    "core",
    "console",
    code.replace(/import (\{[^}]*\}) from "@materiome\/core";/, "const $1 = core;"),
  );
  await run(core, { log: (...values: unknown[]) => printed.push(values) });
  expect(printed.slice(0, 4)).toEqual([
    ["C", "composition", "wt%"],
    ["Mn", "composition", "wt%"],
    ["Temper", "process", "degC"],
    ["Yield strength", "property", "MPa"],
  ]);
  expect(printed[4][0]).toMatch(/2 heats in 3 rows/);
  expect([...(printed[5][0] as Float64Array)].map((x) => Number(x.toFixed(9)))).toEqual([0.4, 0.7, 600]);
});
