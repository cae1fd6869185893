// Two-point autocorrelation of a binary image of 2048 × 2048 pixels against SciPy, one thread each, in turns; the maps are compared.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/twoPoint.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, type Raster } from "@materiome/core";
import { type TwoPointCorrelationOptions, twoPointCorrelation } from "@materiome/microstructure/statistics";
import { median } from "./averages.ts";
import { runAsCommand } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

const SIZE = 2048;

const CASES: Readonly<Record<string, TwoPointCorrelationOptions>> = {
  all: { maxShiftPx: SIZE - 1 },
  half: { maxShiftPx: SIZE / 2 },
  periodic: { periodic: true },
};

interface Times {
  /** Median over all rounds. */
  readonly median: number;
  /** Shortest of all rounds: what is left when nothing else runs. */
  readonly best: number;
  /** Median of the processor time of the process, which other programs disturb less. */
  readonly processor: number;
}

export interface TwoPointCase {
  readonly name: string;
  readonly ours: Times;
  /** rfft2 of the padded image, |F|², irfft2, cut and divided by the overlap: only the padding that the shifts need. */
  readonly transforms: Times | null;
  /** scipy.signal.correlate(method="fft"), cut and divided by the overlap; not for periodic images. */
  readonly correlate: Times | null;
  /** Ours over the transforms, of the medians; the same of processor time. */
  readonly ratio: number | null;
  readonly processorRatio: number | null;
  /** Largest difference between our map and that of the transforms. */
  readonly largestDifference: number | null;
}

export interface TwoPointBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "twoPoint";
  readonly metric: "milliseconds, one thread";
  readonly size: number;
  readonly cases: readonly TwoPointCase[];
  readonly rounds: number;
}

/** Milliseconds of each run: by the clock and of the processor. */
interface Runs {
  readonly wall: number[];
  readonly processor: number[];
}

interface Peer {
  readonly milliseconds: { readonly [name: string]: { readonly [method: string]: Runs } };
  readonly scipy: string;
}

/** Times each case three times in each round: ours, SciPy's, and again. */
export function benchmarkTwoPoint(rounds = 3): TwoPointBenchmark {
  const folder = mkdtempSync(join(tmpdir(), "materiome-two-point-"));
  try {
    const phase = discs();
    writeFileSync(join(folder, "phase.u8"), phase.data);
    const ours = new Map<string, Runs>(Object.keys(CASES).map((name) => [name, { wall: [], processor: [] }]));
    const peers: Peer[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const [name, options] of Object.entries(CASES)) {
        twoPointCorrelation(phase, options);
        for (let k = 0; k < 3; k++) {
          const before = process.cpuUsage();
          const started = performance.now();
          twoPointCorrelation(phase, options);
          ours.get(name)?.wall.push(performance.now() - started);
          const { user, system } = process.cpuUsage(before);
          ours.get(name)?.processor.push((user + system) / 1000);
        }
      }
      const peer = pythonPeer<Peer>("./twoPoint_peer.py", [folder, SIZE]);
      if (peer !== undefined) peers.push(peer);
    }
    const cases = [...ours].map(([name, runs]): TwoPointCase => {
      const mine = timesOf([runs]);
      if (mine === null) throw new Error(`${name} was never run`);
      const of = (method: string): Times | null =>
        timesOf(peers.flatMap(({ milliseconds }) => milliseconds[name]?.[method] ?? []));
      const transforms = of("transforms");
      return {
        name,
        ours: mine,
        transforms,
        correlate: of("correlate"),
        ratio: transforms === null ? null : mine.median / transforms.median,
        processorRatio: transforms === null ? null : mine.processor / transforms.processor,
        largestDifference:
          transforms === null ? null : difference(phase, CASES[name] ?? {}, join(folder, `${name}.f64`)),
      };
    });
    const [peer] = peers;
    return {
      suite: "speed",
      case: "twoPoint",
      metric: "milliseconds, one thread",
      size: SIZE,
      cases,
      rounds,
      ...provenance(peer === undefined ? {} : { scipy: peer.scipy }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timesOf(runs: readonly Runs[]): Times | null {
  const wall = runs.flatMap((run) => run.wall);
  if (wall.length === 0) return null;
  return { median: median(wall), best: Math.min(...wall), processor: median(runs.flatMap((run) => run.processor)) };
}

/** Discs of radii 5 … 30 at random places, on about a third of the area. */
function discs(): Raster<Uint8Array> {
  const random = createRandom(1);
  const data = new Uint8Array(SIZE * SIZE);
  for (let k = 0; k < 1500; k++) {
    const [cx, cy, radius] = [random.int(SIZE), random.int(SIZE), 5 + random.int(26)];
    for (let y = Math.max(0, cy - radius); y <= Math.min(SIZE - 1, cy + radius); y++) {
      const half = Math.floor(Math.sqrt(radius ** 2 - (y - cy) ** 2));
      data.fill(1, y * SIZE + Math.max(0, cx - half), y * SIZE + Math.min(SIZE, cx + half + 1));
    }
  }
  return createRaster(data, SIZE, SIZE);
}

function difference(phase: Raster, options: TwoPointCorrelationOptions, file: string): number {
  const { data } = twoPointCorrelation(phase, options).map;
  const bytes = readFileSync(file);
  const theirs = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  if (theirs.length !== data.length) throw new Error(`${file}: ${theirs.length} values, ours are ${data.length}`);
  return data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (theirs[i] ?? Number.NaN))), 0);
}

function print(result: TwoPointBenchmark): void {
  const ms = (times: Times | null): string => (times === null ? "-" : times.median.toFixed(0)).padStart(10);
  console.log(
    "                 ours  transforms  correlate  ratio  (of processor time)  best: ours, transforms  largest difference",
  );
  for (const { name, ours, transforms, correlate, ratio, processorRatio, largestDifference } of result.cases) {
    const best = `${ours.best.toFixed(0)}, ${transforms?.best.toFixed(0) ?? "-"}`;
    const ratios = `${ratio?.toFixed(2) ?? "-"}  (${processorRatio?.toFixed(2) ?? "-"})`;
    const row = `  ${name.padEnd(9)} ${ms(ours)}  ${ms(transforms)} ${ms(correlate)}   ${ratios}`;
    console.log(`${row.padEnd(68)} ${best.padEnd(23)} ${largestDifference?.toExponential(1) ?? "-"}`);
  }
  console.log(`  milliseconds, ${result.size} × ${result.size}; ${provenanceLine(result)}`);
}

await runAsCommand(import.meta.url, benchmarkTwoPoint, print);
