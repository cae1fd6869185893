// Filter bank and forest prediction on a grey image beside scikit-image and scikit-learn, same features and training pixels.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/pixelSpeed.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeWorkers, createMatrix, createRandom, runTasks } from "@materiome/core";
import { createRandomForestClassifier } from "@materiome/forward";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { median } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { classifyStripTask, eachBand, type StripInput } from "./pixelSpeedTask.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

export interface PixelSpeedOptions {
  /** Edge of the image, px. @defaultValue 2048 */
  readonly size?: number;
  /** @defaultValue 100 */
  readonly trees?: number;
  /** Training pixels. @defaultValue 20000 */
  readonly pixels?: number;
  /** Least pixels in a leaf, on both sides. @defaultValue 1 */
  readonly leaf?: number;
  /** @defaultValue 2 */
  readonly threads?: number;
  /** @defaultValue 3 */
  readonly repeats?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** Leaves the peer out. @defaultValue false */
  readonly isAlone?: boolean;
}

export interface PixelSpeed extends Provenance {
  readonly suite: "speed";
  readonly case: "pixels";
  readonly metric: "seconds for features and class probabilities";
  readonly value: number;
  readonly seconds: { readonly ours: readonly number[]; readonly peer: readonly number[] };
  /** Median of ours over median of the peer's; null where that is not installed. */
  readonly ratio: number | null;
  readonly accuracy: { readonly ours: number; readonly peer: number | null };
  readonly fitSeconds: { readonly ours: number; readonly peer: number | null };
  /** Away from the border. Gaussians: largest difference, the image being 0 … 1. Gradient, Hessian: least correlation over the scales. */
  readonly agreement: { readonly gaussian: number; readonly gradient: number; readonly hessian: number } | null;
  readonly size: { readonly width: number; readonly height: number; readonly trees: number; readonly pixels: number };
  readonly leaf: number;
  readonly threads: number;
  readonly seed: number;
}

const SIGMAS = [1, 2, 4, 8, 16];
const CLASSES = ["grain", "second phase", "boundary"];
const COMPARED = 4000;

interface Peer {
  readonly seconds: number;
  readonly fitSeconds: number;
  readonly accuracy: number;
  /** Features of the first compared training pixels, [COMPARED, 4 × scales], in the order of ours. */
  readonly features: readonly number[];
  readonly versions: { readonly [name: string]: string };
}

export async function benchmarkPixelSpeed(options: PixelSpeedOptions = {}): Promise<PixelSpeed> {
  const { size = 2048, trees = 100, pixels = 20_000, leaf = 1, threads = 2, repeats = 3, seed = 1 } = options;
  const { image, truth } = makeImage(size, seed);
  const random = createRandom(seed).fork("pixels");
  const picked = Int32Array.from({ length: pixels }, () => random.int(size * size));
  const bank = { width: size, height: size, image, sigmas: SIGMAS };
  const x = featuresOf(bank, picked);
  const codes = Int32Array.from(picked, (at) => truth[at]);
  const folder = mkdtempSync(join(tmpdir(), "materiome-pixels-"));
  const ours: number[] = [];
  const peers: Peer[] = [];
  const nClasses = CLASSES.length;
  const out = new Float32Array(new SharedArrayBuffer(4 * size * size * nClasses));
  try {
    for (const [name, array] of Object.entries({ image, truth, picked })) {
      writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
    const started = performance.now();
    const features = Array.from({ length: x.columns }, (_, f) => ({ name: `f${f}`, unit: "", source: ["image"] }));
    const model = await createRandomForestClassifier({ nTrees: trees, minSamplesLeaf: leaf }).fit(
      { ...x, features },
      { kind: "classification", codes, labels: CLASSES },
      { random: createRandom(seed), threads },
    );
    const fitSeconds = (performance.now() - started) / 1000;
    const text = JSON.stringify(model);
    const rows = Math.ceil(size / threads);
    const strips: StripInput[] = Array.from({ length: threads }, (_, t) => ({
      ...bank,
      first: t * rows,
      rows: Math.min(rows, size - t * rows),
      model: text,
      out,
    }));
    // Starts the threads and loads their modules, as the peer has loaded its own before its clock starts.
    const short = strips.map((strip) => ({ ...strip, rows: 1 }));
    await runTasks<StripInput, void>(classifyStripTask, short, { threads });
    for (let k = 0; k < repeats; k++) {
      const before = performance.now();
      await runTasks<StripInput, void>(classifyStripTask, strips, { threads });
      ours.push((performance.now() - before) / 1000);
      if (options.isAlone === true) continue;
      const peer = pythonPeer<Peer>("./pixelSpeed_peer.py", [folder, size, pixels, trees, leaf, threads, COMPARED]);
      if (peer !== undefined) peers.push(peer);
    }
    const [peer] = peers;
    const value = median(ours);
    return {
      suite: "speed",
      case: "pixels",
      metric: "seconds for features and class probabilities",
      value,
      seconds: { ours, peer: peers.map((p) => p.seconds) },
      ratio: peer === undefined ? null : value / median(peers.map((p) => p.seconds)),
      accuracy: { ours: accuracyOf(out, truth, nClasses), peer: peer?.accuracy ?? null },
      fitSeconds: { ours: fitSeconds, peer: peer?.fitSeconds ?? null },
      agreement: peer === undefined ? null : compare(x.data, peer.features, picked, size),
      size: { width: size, height: size, trees, pixels },
      leaf,
      threads,
      seed,
      ...provenance(peer?.versions),
    };
  } finally {
    rmSync(folder, { recursive: true });
    await closeWorkers();
  }
}

/** Grains with dark boundaries, a quarter of them a darker phase; truth is the class of each pixel. */
function makeImage(size: number, seed: number): { readonly image: Float32Array; readonly truth: Uint8Array } {
  const random = createRandom(seed);
  const nGrains = Math.max(4, Math.round((size * size) / 1600));
  const labels = voronoiGrains({ width: size, height: size, nGrains, relaxations: 1 }, random.fork("grains"));
  const rendered = renderMicrograph(labels, { noise: "medium" }, random.fork("camera")).data;
  const image = new Float32Array(new SharedArrayBuffer(4 * size * size));
  const truth = new Uint8Array(size * size);
  for (let i = 0; i < image.length; i++) {
    const label = labels.data[i];
    const [x, y] = [i % size, Math.floor(i / size)];
    const isEdge = (x + 1 < size && labels.data[i + 1] !== label) || (y + 1 < size && labels.data[i + size] !== label);
    truth[i] = isEdge ? 2 : label % 4 === 0 ? 1 : 0;
    image[i] = label % 4 === 0 ? 0.85 * rendered[i] : rendered[i];
  }
  return { image, truth };
}

function featuresOf(
  bank: Pick<StripInput, "width" | "height" | "image" | "sigmas">,
  picked: Int32Array,
): ReturnType<typeof createMatrix> {
  const { width, height } = bank;
  const x = createMatrix(picked.length, 4 * SIGMAS.length);
  eachBand(bank, 0, height, (start, count, planes) => {
    for (const [i, at] of picked.entries()) {
      const k = at - start * width;
      if (k < 0 || k >= count * width) continue;
      for (const [f, plane] of planes.entries()) x.data[i * x.columns + f] = plane[k];
    }
  });
  return x;
}

function accuracyOf(probabilities: Float32Array, truth: Uint8Array, nClasses: number): number {
  let right = 0;
  for (const [i, code] of truth.entries()) {
    let best = 0;
    for (let c = 1; c < nClasses; c++) {
      if (probabilities[i * nClasses + c] > probabilities[i * nClasses + best]) best = c;
    }
    if (best === code) right++;
  }
  return right / truth.length;
}

/** Away from the border, which is extended in different ways (reflected here, repeated there). */
function compare(
  ours: Float64Array,
  theirs: readonly number[],
  picked: Int32Array,
  size: number,
): NonNullable<PixelSpeed["agreement"]> {
  const d = 4 * SIGMAS.length;
  const margin = 5 * Math.max(...SIGMAS);
  const isInside = (k: number): boolean => k >= margin && k < size - margin;
  const inside = Array.from({ length: theirs.length / d }, (_, i) => i).filter(
    (i) => isInside(picked[i] % size) && isInside(Math.floor(picked[i] / size)),
  );
  const column = (values: ArrayLike<number>, f: number): number[] => inside.map((i) => values[i * d + f]);
  let gaussian = 0;
  const least = [1, 1, 1, 1];
  for (let f = 0; f < d; f++) {
    const [a, b] = [column(ours, f), column(theirs, f)];
    if (f % 4 === 0) gaussian = Math.max(gaussian, ...a.map((v, i) => Math.abs(v - b[i])));
    else least[f % 4] = Math.min(least[f % 4], correlation(a, b));
  }
  return { gaussian, gradient: least[1], hessian: Math.min(least[2], least[3]) };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, v] of a.entries()) {
    ab += (v - meanA) * (b[i] - meanB);
    aa += (v - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

function print({ size, leaf, threads, seconds, accuracy, fitSeconds, agreement, ratio, ...rest }: PixelSpeed): void {
  const { width, height, trees, pixels } = size;
  console.log(
    `filter bank and forest, ${width} × ${height} px, ${4 * SIGMAS.length} features, ${trees} trees of ${pixels} pixels (leaves ≥ ${leaf}), ${threads} threads`,
  );
  console.log(
    `  ours  ${listNumbers(seconds.ours, 2)} s, accuracy ${accuracy.ours.toFixed(4)}, fit ${fitSeconds.ours.toFixed(1)} s`,
  );
  console.log(
    accuracy.peer === null || fitSeconds.peer === null
      ? "  scikit-image and scikit-learn absent or left out: no ratio"
      : `  peer  ${listNumbers(seconds.peer, 2)} s, accuracy ${accuracy.peer.toFixed(4)}, fit ${fitSeconds.peer.toFixed(1)} s`,
  );
  if (ratio !== null) console.log(`  ratio of medians ${ratio.toFixed(3)}`);
  if (agreement !== null) {
    console.log(
      `  features: Gaussians differ by at most ${agreement.gaussian.toExponential(1)}; correlation of gradients ≥ ${agreement.gradient.toFixed(4)}, of Hessian eigenvalues ≥ ${agreement.hessian.toFixed(4)}`,
    );
  }
  console.log(`  ${provenanceLine(rest)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkPixelSpeed({
      ...numberOptions(["size", "trees", "pixels", "leaf", "threads", "repeats", "seed"]),
      isAlone: hasOption("alone"),
    }),
  print,
);
