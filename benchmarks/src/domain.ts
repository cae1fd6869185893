/**
 * Whether the applicability domain knows where a model goes wrong: half of the test rows are like the training rows, half are of a
 * family that training has none of. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/domain.ts
 *
 * Options: --json, --model NAME (default extra-trees), --threads N (default 2), --seed N (default 1).
 *
 * Families: kind of alloy, material of a printed part, cement replacements of a concrete. Each with 20 rows to 60 % of the rows is
 * held out in turn, with about as many rows of whole groups of the others; at most 200 of either. Errors in the largest quarter of a test set count as large.
 * Retention: mean absolute error of the share of rows with the least score, over that of all.
 */
import {
  closeWorkers,
  createRandom,
  type Matrix,
  readTableFile,
  shuffle,
  type Table,
  takeTableRows,
} from "@materiome/core";
import { parseFormula } from "@materiome/core/composition";
import { findDatasetFile } from "@materiome/datasets";
import {
  areaUnderRoc,
  isolationScores,
  leverages,
  localOutlierFactor,
  MODEL_NAMES,
  trainPropertyModel,
} from "@materiome/forward";
import { mean } from "./averages.ts";
import { numberOptions, report, textOption } from "./commandLine.ts";
import { provenance } from "./provenance.ts";
import { groupsOf, measuredRows, TABLE_SETS, type TableSet } from "./tableSets.ts";

const REFRACTORY = new Set(["Ti", "Zr", "Hf", "V", "Nb", "Ta", "Cr", "Mo", "W"]);
const RETAINED = [0.25, 0.5, 0.75, 1];
const LARGE_SHARE = 0.25;
const MOST_ROWS = 200;

const { threads = 2, seed = 1 } = numberOptions(["threads", "seed"]);
const model = MODEL_NAMES.find((name) => name === (textOption("model") ?? "extra-trees"));
if (model === undefined) throw new Error(`--model: expected ${MODEL_NAMES.join(", ")}`);

const FAMILIES: Readonly<Record<string, (table: Table, row: number) => string>> = {
  "mpea-hardness": kindOfAlloy,
  "mpea-yield": kindOfAlloy,
  "lpbf-by-article": (table, row) => labelOf(table, "Material", row),
  concrete: (table, row) =>
    ["slag", "ash"].map((name) => ((table.number(name).values[row] ?? 0) > 0 ? name : `no ${name}`)).join(", "),
};

function kindOfAlloy(table: Table, row: number): string {
  const column = table.column("FORMULA");
  const text = column.kind === "formula" ? column.texts[row] : undefined;
  const amounts = [...parseFormula(text ?? "")];
  const total = amounts.reduce((sum, [, amount]) => sum + amount, 0);
  const refractory = amounts.reduce((sum, [element, amount]) => sum + (REFRACTORY.has(element) ? amount : 0), 0);
  if (refractory > total / 2) return "refractory";
  return amounts.some(([element, amount]) => element === "Al" && amount > 0.05 * total)
    ? "late 3d metals with Al"
    : "late 3d metals without Al";
}

function labelOf(table: Table, name: string, row: number): string {
  const column = table.column(name);
  return column.kind === "category" ? (column.labels[column.codes[row] ?? -1] ?? "missing") : "missing";
}

async function scoreFamily(set: TableSet, table: Table, families: readonly string[], family: string) {
  const random = createRandom(`${seed} ${family}`);
  const all = Array.from({ length: table.nRows }, (_, i) => i);
  const own = all.filter((i) => families[i] === family);
  const strange = take(own, Math.min(MOST_ROWS, own.length), random.fork("strange"));
  const groups = groupsOf(table, set.groups);
  const others = all.filter((i) => families[i] !== family);
  const familiar: number[] = [];
  const names = [...new Set(others.map((i) => groups[i] as number))]; // a group each
  const wanted = Math.min(strange.length, others.length / 4);
  for (const k of shuffle(names.length, random.fork("familiar"))) {
    if (familiar.length >= wanted) break;
    familiar.push(...others.filter((i) => groups[i] === names[k]));
  }
  const held = new Set([...familiar, ...own]);
  const known = takeTableRows(table, Int32Array.from(all.filter((i) => !held.has(i))));
  const { model: trained } = await trainPropertyModel(
    known,
    {
      targets: [set.target],
      inputs: set.inputs,
      folds: 2,
      ...(model === undefined ? {} : { model }),
      ...(set.features === undefined ? {} : { features: set.features }),
    },
    { random: random.fork("train"), threads },
  );
  // As many of either kind, so that neither decides the score alone.
  const nEach = Math.min(familiar.length, strange.length);
  const test = [
    ...take(familiar, nEach, random.fork("familiar rows")),
    ...take(strange, nEach, random.fork("strange rows")),
  ];
  const asked = takeTableRows(table, Int32Array.from(test));
  const { mean: predicted, domain } = await trained.predict(asked, { threads });
  if (domain === undefined) throw new Error("the model has no domain");
  const target = table.number(set.target).values;
  const errors = test.map((i, r) => Math.abs((predicted.data[r] as number) - (target[i] as number))); // one per test row
  const limit = errors.toSorted((a, b) => b - a)[Math.floor(LARGE_SHARE * errors.length)] as number; // LARGE_SHARE < 1
  const order = errors.map((_, r) => r).sort((a, b) => (domain.score[a] as number) - (domain.score[b] as number)); // rows
  const isLarge = errors.map((error) => (error > limit ? 1 : 0));
  const [trainRows, testRows] = standardised(trained.encoder.encode(known), trained.encoder.encode(asked));
  const measures = {
    leverage: leverages(trainRows, testRows).values,
    localOutlierFactor: localOutlierFactor(trainRows, testRows).map((factor) => Math.min(factor, 1e9)),
    isolation: isolationScores(trainRows, testRows, { random: random.fork("isolation") }),
  };
  return {
    family,
    nTest: test.length,
    nTrain: table.nRows - held.size,
    aurocOfLargeErrors: areaUnderRoc(domain.score, isLarge),
    /** Of other measures of how odd a row is, which the domain does not use. */
    aurocOfOthers: Object.fromEntries(
      Object.entries(measures).map(([name, values]) => [name, areaUnderRoc(values, isLarge)]),
    ),
    aurocOfFamily: areaUnderRoc(
      domain.score,
      test.map((_, r) => (r < nEach ? 0 : 1)),
    ),
    flaggedShare: mean(Array.from(domain.inDomain, (is) => 1 - is)),
    maeFamiliar: mean(errors.slice(0, nEach)),
    maeStrange: mean(errors.slice(nEach)),
    retention: RETAINED.map((share) => {
      const kept = order.slice(0, Math.max(1, Math.round(share * order.length)));
      return mean(kept.map((r) => errors[r] as number)) / mean(errors); // rows
    }),
  };
}

function take(rows: readonly number[], n: number, random: ReturnType<typeof createRandom>): number[] {
  return Array.from(shuffle(rows.length, random).slice(0, n), (k) => rows[k] as number); // k < length
}

/** Both by the training rows, which stand in for gaps with their means; constant columns are left at 0. */
function standardised(training: Matrix, rows: Matrix): readonly [Matrix, Matrix] {
  const { columns: d, data } = training;
  const columns = Array.from({ length: d }, (_, f) => {
    const values = data.filter((value, at) => at % d === f && !Number.isNaN(value));
    const centre = values.length === 0 ? 0 : mean(Array.from(values));
    const deviation = Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
    return { centre, factor: deviation > 1e-12 * Math.abs(centre) ? 1 / deviation : 0 };
  });
  const scale = (from: Matrix): Matrix => ({
    ...from,
    data: from.data.map((value, at) => {
      const { centre = 0, factor = 0 } = columns[at % d] ?? {};
      return Number.isNaN(value) ? 0 : (value - centre) * factor;
    }),
  });
  return [scale(training), scale(rows)];
}

const started = performance.now();
const sets: { name: string; families: Awaited<ReturnType<typeof scoreFamily>>[] }[] = [];
for (const [name, familyOf] of Object.entries(FAMILIES)) {
  const set = TABLE_SETS[name] as TableSet; // listed there
  const table = measuredRows(await readTableFile(await findDatasetFile(set.dataset, set.file)), set);
  const families = Array.from({ length: table.nRows }, (_, i) => familyOf(table, i));
  const scored: Awaited<ReturnType<typeof scoreFamily>>[] = [];
  for (const family of [...new Set(families)].sort()) {
    const count = families.filter((other) => other === family).length;
    if (count < 20 || count > 0.6 * table.nRows) continue;
    process.stderr.write(`\r${name}: ${family}                          `);
    scored.push(await scoreFamily(set, table, families, family));
  }
  sets.push({ name, families: scored });
}
process.stderr.write("\n");
await closeWorkers();
const every = sets.flatMap(({ families }) => families);
const result = {
  suite: "domain",
  model,
  sets,
  meanAuroc: mean(every.map(({ aurocOfLargeErrors }) => aurocOfLargeErrors ?? Number.NaN)),
  meanAurocOfOthers: Object.fromEntries(
    ["leverage", "localOutlierFactor", "isolation"].map((name) => [
      name,
      mean(every.map(({ aurocOfOthers }) => aurocOfOthers[name] ?? Number.NaN)),
    ]),
  ),
  meanRetention: RETAINED.map((share, k) => ({
    share,
    error: mean(every.map(({ retention }) => retention[k] as number)), // one per share
  })),
  seconds: (performance.now() - started) / 1000,
  seed,
  ...provenance({}),
};
report(result, () => {
  for (const { name, families } of sets) {
    console.log(name);
    for (const f of families) {
      console.log(
        `  ${f.family.padEnd(28)} ${String(f.nTest).padStart(4)} rows  AUROC of large errors ${f.aurocOfLargeErrors?.toFixed(3)}, of the family ${f.aurocOfFamily?.toFixed(3)}; flagged ${(100 * f.flaggedShare).toFixed(0)} %; MAE ${f.maeFamiliar.toPrecision(3)} → ${f.maeStrange.toPrecision(3)}; retention ${f.retention.map((v) => v.toFixed(2)).join(" ")}`,
      );
    }
  }
  console.log(
    `mean AUROC ${result.meanAuroc.toFixed(3)} (${Object.entries(result.meanAurocOfOthers)
      .map(([name, value]) => `${name} ${value.toFixed(3)}`)
      .join(
        ", ",
      )}); error of the ${result.meanRetention.map(({ share, error }) => `${100 * share} % least odd ${error.toFixed(2)}`).join(", ")}`,
  );
});
