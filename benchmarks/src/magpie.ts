// Formulas parsed and Magpie features computed per second on the formulas of matbench-expt-gap, one thread; NumPy beside.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/magpie.ts
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Column, columnTexts, readTableFile } from "@materiome/core";
import {
  type Composition,
  ELEMENT_SYMBOLS,
  elementProperty,
  featurizeCompositions,
  MAGPIE_PROPERTIES,
  magpieFeaturizer,
  parseFormula,
} from "@materiome/core/composition";
import { median } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";
import { secondsOf } from "./timing.ts";

export interface MagpieBenchmarkOptions {
  /** Times that all formulas are done in one measurement. @defaultValue 20 */
  readonly passes?: number;
  /** Measurements of either side, in turns. @defaultValue 5 */
  readonly repeats?: number;
  /** Leaves NumPy out. @defaultValue false */
  readonly isAlone?: boolean;
}

export interface MagpieBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "magpie";
  readonly metric: "compositions per second";
  /** Median rate of the 132 features, compositions parsed beforehand. */
  readonly value: number;
  readonly perSecond: {
    readonly parsed: readonly number[];
    readonly featurized: readonly number[];
    readonly peer: readonly number[];
  };
  /** Median rate of formulas parsed. */
  readonly parsed: number;
  /** Rates of the very first pass, code not yet compiled by the engine. */
  readonly first: { readonly parsed: number; readonly featurized: number };
  readonly baseline: readonly { readonly name: string; readonly value: number }[];
  /** Median of ours over median of NumPy's; null where that is not installed. */
  readonly ratio: number | null;
  /** Largest difference from NumPy's features, relative to max(1, |x|); null where that is not installed. */
  readonly largestDifference: number | null;
  readonly size: { readonly formulas: number; readonly features: number; readonly passes: number };
  readonly threads: 1;
}

interface Peer {
  readonly seconds: number;
  readonly numpy: string;
}

export async function benchmarkMagpie(options: MagpieBenchmarkOptions = {}): Promise<MagpieBenchmark> {
  const { passes = 20, repeats = 5, isAlone = false } = options;
  const formulas = await readFormulas();
  const n = formulas.length;
  let compositions: Composition[] = [];
  const firstParsed = n / secondsOf(() => (compositions = formulas.map((formula) => parseFormula(formula))));
  const featurizer = magpieFeaturizer();
  let matrix: Float64Array = new Float64Array();
  const firstFeaturized = n / secondsOf(() => (matrix = featurizeCompositions(featurizer, compositions).data));
  const folder = mkdtempSync(join(tmpdir(), "materiome-magpie-"));
  const parsed: number[] = [];
  const featurized: number[] = [];
  const peers: Peer[] = [];
  let largestDifference: number | null = null;
  try {
    const [input, output] = [join(folder, "input.json"), join(folder, "features.f64")];
    writeFileSync(input, JSON.stringify(peerInput(compositions)));
    for (let k = 0; k < repeats; k++) {
      const parsing = secondsOf(() => {
        for (let pass = 0; pass < passes; pass++) compositions = formulas.map((formula) => parseFormula(formula));
      });
      parsed.push((n * passes) / parsing);
      const featurizing = secondsOf(() => {
        for (let pass = 0; pass < passes; pass++) matrix = featurizeCompositions(featurizer, compositions).data;
      });
      featurized.push((n * passes) / featurizing);
      const peer = isAlone ? undefined : pythonPeer<Peer>("./magpie_peer.py", [input, output]);
      if (peer !== undefined) peers.push(peer);
    }
    if (existsSync(output)) largestDifference = difference(matrix, readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [peer] = peers;
  const peerRates = peers.map(({ seconds }) => n / seconds);
  const value = median(featurized);
  return {
    suite: "speed",
    case: "magpie",
    metric: "compositions per second",
    value,
    perSecond: { parsed, featurized, peer: peerRates },
    parsed: median(parsed),
    first: { parsed: firstParsed, featurized: firstFeaturized },
    baseline: peer === undefined ? [] : [{ name: "NumPy, one composition at a time", value: median(peerRates) }],
    ratio: peer === undefined ? null : value / median(peerRates),
    largestDifference,
    size: { formulas: n, features: featurizer.features.length, passes },
    threads: 1,
    ...provenance(peer === undefined ? {} : { numpy: peer.numpy }),
  };
}

async function readFormulas(): Promise<string[]> {
  const folder = process.env["MATERIOME_DATA"];
  if (folder === undefined) throw new Error("set MATERIOME_DATA to the folder that holds matbench-expt-gap");
  const table = await readTableFile(join(folder, "matbench-expt-gap", "matbench-expt-gap.csv"));
  const column: Column = table.column("formula");
  return columnTexts(column).filter((text) => text !== undefined);
}

/** Element numbers and amounts of each composition, and the property table, as NumPy needs them. */
function peerInput(compositions: readonly Composition[]): unknown {
  const place = new Map(ELEMENT_SYMBOLS.map((symbol, i) => [symbol, i]));
  return {
    compositions: compositions.map((c) => ({
      elements: [...c.keys()].map((element) => place.get(element)),
      amounts: [...c.values()],
    })),
    table: ELEMENT_SYMBOLS.map((symbol) => MAGPIE_PROPERTIES.map((property) => elementProperty(symbol, property))).map(
      (row) => row.map((x) => (Number.isNaN(x) ? null : x)),
    ),
  };
}

function difference(ours: Float64Array, bytes: Buffer): number {
  const theirs = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (theirs.length !== ours.length) throw new Error(`NumPy wrote ${theirs.length} numbers, ours are ${ours.length}`);
  let largest = 0;
  for (const [i, x] of ours.entries()) {
    const other = theirs[i] ?? Number.NaN;
    if (Number.isNaN(x) && Number.isNaN(other)) continue;
    const d = Math.abs(x - other) / Math.max(1, Math.abs(other));
    if (!(d <= largest)) largest = d;
  }
  return largest;
}

function print({ size, perSecond, first, ratio, largestDifference, ...rest }: MagpieBenchmark): void {
  const thousands = (rates: readonly number[], digits = 0): string =>
    listNumbers(
      rates.map((rate) => rate / 1000),
      digits,
    );
  console.log(`${size.formulas} formulas of matbench-expt-gap, thousands per second on one thread`);
  console.log(`  parsed         ${thousands(perSecond.parsed)}; first pass ${thousands([first.parsed])}`);
  console.log(
    `  ${size.features} features   ${thousands(perSecond.featurized)}; first pass ${thousands([first.featurized])}`,
  );
  console.log(
    ratio === null
      ? "  NumPy          absent or left out: no ratio"
      : `  NumPy          ${thousands(perSecond.peer, 1)}; ratio of medians ${ratio.toFixed(1)}, largest relative difference ${largestDifference?.toExponential(1)}`,
  );
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () => benchmarkMagpie({ ...numberOptions(["passes", "repeats"]), isAlone: hasOption("alone") }),
  print,
);
