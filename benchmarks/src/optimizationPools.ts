import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSpace, type Point, type SearchSpace, type Variable } from "@materiome/inverse";

/** Distinct inputs of a dataset with their values, as candidates to choose from. */
export interface Pool {
  readonly name: string;
  readonly space: SearchSpace;
  readonly points: readonly Point[];
  /** In the unit of the file, one for each point: the mean of the distinct values measured at that input. */
  readonly values: Float64Array;
  readonly outcome: string;
  readonly unit: string;
  readonly direction: "maximize" | "minimize";
  /** Indices of the best ceil(5 %), best first. */
  readonly top: readonly number[];
}

/** Datasets with one objective: the four of Liang et al. and those of Olympus. */
export const POOLS: readonly string[] = [
  ...["pvlab-p3ht-cnt", "pvlab-perovskite", "pvlab-autoam", "pvlab-agnp"],
  ...["olympus-electrochem", "olympus-fullerenes", "olympus-hybrid-perovskites", "olympus-photo-pce10"],
  ...["olympus-oer-plate-3496", "olympus-mmli-opv"],
];

interface Description {
  readonly dataFile: string;
  readonly header: boolean;
  readonly columns: readonly { readonly name: string; readonly unit: string | null; readonly role: string }[];
  readonly targets: readonly { readonly name: string; readonly direction: "maximize" | "minimize" }[];
}

/** @throws Error without MATERIOME_DATA */
export function readPool(name: string): Pool {
  const folder = process.env["MATERIOME_DATA"];
  if (folder === undefined) throw new Error("set MATERIOME_DATA to the folder that holds the datasets");
  const text = (file: string): string => readFileSync(join(folder, name, file), "utf8").replace(/^\uFEFF/, "");
  const { dataFile, header, columns, targets } = JSON.parse(text("DATASET.json")) as Description;
  const [target] = targets;
  if (target === undefined) throw new Error(`${name} has no target`);
  const at = columns.findIndex((column) => column.name === target.name);
  const inputs = [...columns.keys()].filter((j) => columns[j]?.role !== "property");
  const rows = text(dataFile)
    .split(/\r?\n/)
    .slice(header ? 1 : 0)
    .filter((line) => line !== "")
    .map((line) => line.split(","));
  const measured = new Map<string, Set<number>>();
  for (const row of rows) {
    const key = inputs.map((j) => row[j]).join("|");
    measured.set(key, (measured.get(key) ?? new Set()).add(Number(row[at])));
  }
  const cells = [...measured.keys()].map((key) => key.split("|"));
  const variables = inputs.map((j, k): Variable => {
    const texts = [...new Set(cells.map((row) => row[k] as string))];
    const info = {
      name: columns[j]?.name ?? "",
      role: columns[j]?.role as Variable["role"],
      unit: columns[j]?.unit ?? "",
    };
    if (texts.some((t) => Number.isNaN(Number(t)))) {
      return { ...info, kind: "category", columnKind: "category", levels: texts.sort() };
    }
    const numbers = texts.map(Number);
    return { ...info, kind: "continuous", min: Math.min(...numbers), max: Math.max(...numbers), scale: "linear" };
  });
  const points = cells.map((row) =>
    Float64Array.from(variables, (v, k) =>
      v.kind === "category" ? v.levels.indexOf(row[k] as string) : Number(row[k]),
    ),
  );
  const values = Float64Array.from(measured.values(), (set) => [...set].reduce((a, b) => a + b, 0) / set.size);
  const sign = target.direction === "maximize" ? 1 : -1;
  const top = [...values.keys()]
    .sort((a, b) => sign * ((values[b] as number) - (values[a] as number)))
    .slice(0, Math.ceil(0.05 * values.length - 1e-9));
  const unit = columns[at]?.unit ?? "";
  const space = createSpace({ variables, fixed: [], sums: [] });
  return { name, space, points, values, outcome: target.name, unit, direction: target.direction, top };
}
