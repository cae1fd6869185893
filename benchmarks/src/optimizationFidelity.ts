/**
 * Versions of an experiment by cost, from the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/optimizationFidelity.ts
 *
 * Options: --json, --repeats N (default 5), --seed N (default 1), --threads N (default 1), --budget N (default 16, in experiments).
 *
 * Branin's function, and a cheaper version of it at a tenth of the cost that is wrong by a smooth tilt: f / 2 + 20 (x1 + x2 − 1) within
 * the usual box scaled to 0 … 1 (after A. Forrester, A. Sóbester & A. Keane, Proc. R. Soc. A 463, 3251 (2007), doi:10.1098/rspa.2007.1900, whose
 * cheap version is of this form in one dimension). Simple regret: the best measured value of the version that counts, minus 0.397887.
 */
import { createMatrix, createRandom, type Random } from "@materiome/core";
import { createGaussianProcess } from "@materiome/forward";
import { createSpace, type Point, suggest } from "@materiome/inverse";
import { median } from "./averages.ts";
import { numberOptions, report } from "./commandLine.ts";
import { provenance, provenanceLine } from "./provenance.ts";

const { repeats = 5, seed = 1, threads = 1, budget = 16 } = numberOptions(["repeats", "seed", "threads", "budget"]);
const COSTS = { experiment: 1, simulation: 0.1 };
const LEAST = 0.397887;
const axis = (name: string) =>
  ({ kind: "continuous", name, role: "process", unit: "", min: 0, max: 1, scale: "linear" }) as const;
const space = createSpace({
  variables: [
    axis("x1"),
    axis("x2"),
    {
      kind: "category",
      name: "Method",
      role: "condition",
      unit: "",
      columnKind: "category",
      levels: ["experiment", "simulation"],
    },
  ],
  fixed: [],
  sums: [],
});

function branin(u: number, v: number): number {
  const [x, y] = [15 * u - 5, 15 * v];
  const a = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
  return a * a + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

function measure([u = 0, v = 0, method = 0]: Point): number {
  return method === 0 ? branin(u, v) : branin(u, v) / 2 + 20 * (u + v - 1);
}

/** Regret after each whole unit of cost. */
async function search(random: Random, withVersions: boolean): Promise<{ regret: number[]; nCheap: number }> {
  const points: Point[] = [];
  const values: number[] = [];
  const regret: number[] = [];
  let spent = 0;
  let best = Number.POSITIVE_INFINITY;
  while (spent < budget - 1e-9) {
    const { suggestions } = await suggest({
      space,
      observations: {
        points,
        values: createMatrix(points.length, 1, Float64Array.from(values)),
        outcomes: ["f"],
        pending: [],
      },
      objectives: [{ name: "f", unit: "", direction: "minimize" }],
      learner: createGaussianProcess(),
      fixed: [{ name: "Method", value: "experiment", unit: "" }],
      context: ["Method"],
      fidelity: withVersions ? { name: "Method", costs: COSTS } : undefined,
      random: random.fork(points.length),
      threads,
    });
    const [suggestion] = suggestions;
    if (suggestion === undefined) throw new Error("nothing was suggested");
    const value = measure(suggestion.point);
    const isCheap = suggestion.point[2] === 1;
    points.push(suggestion.point);
    values.push(value);
    spent += isCheap ? COSTS.simulation : COSTS.experiment;
    if (!isCheap) best = Math.min(best, value);
    while (regret.length < Math.floor(spent + 1e-9)) regret.push(best - LEAST);
  }
  return { regret, nCheap: points.filter((point) => point[2] === 1).length };
}

const cpu = process.cpuUsage();
interface Run {
  readonly repeat: number;
  readonly withVersions: boolean;
  readonly regret: readonly number[];
  readonly nCheap: number;
}
const runs: Run[] = [];
for (let k = 0; k < repeats; k++) {
  for (const withVersions of [false, true]) {
    runs.push({ repeat: k, withVersions, ...(await search(createRandom(seed).fork(k), withVersions)) });
    process.stderr.write(`\r${runs.length} of ${2 * repeats} searches   `);
  }
}
process.stderr.write("\n");
const used = process.cpuUsage(cpu);
const checkpoints = [6, 8, 10, 12, budget].filter((spent) => spent <= budget);
report(
  {
    suite: "optimization-fidelity",
    budget,
    checkpoints: checkpoints.map((spent) => {
      const at = (withVersions: boolean): number[] =>
        runs.filter((run) => run.withVersions === withVersions).map((run) => run.regret[spent - 1] ?? Number.NaN);
      return { spent, single: median(at(false)), versions: median(at(true)) };
    }),
    runs,
    cpuSeconds: (used.user + used.system) / 1e6,
    seed,
    ...provenance({}),
  },
  (result) => {
    for (const c of result.checkpoints) {
      console.log(
        `after ${c.spent}: median regret ${c.single.toFixed(3)} with experiments alone, ${c.versions.toFixed(3)} with versions by cost`,
      );
    }
    console.log(
      `cheap ones: ${runs.filter((r) => r.withVersions).map((r) => r.nCheap)}; ${result.cpuSeconds.toFixed(0)} s; ${provenanceLine(result)}`,
    );
  },
);
