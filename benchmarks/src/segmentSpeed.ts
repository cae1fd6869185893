// Touching particles, 2048 × 2048: Otsu, exact distance transform, peaks, watershed and region table beside scikit-image and
// SciPy, one thread each, in turns on the same picture. The results are compared, not only the times.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/segmentSpeed.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { regionTable } from "@materiome/microstructure/regions";
import { distanceTransform, localMaxima, markerWatershed, thresholdImage } from "@materiome/microstructure/segment";
import { median } from "./averages.ts";
import { runAsCommand } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

const STAGES = ["otsu", "distance", "markers", "watershed", "regionTable"] as const;
type Stage = (typeof STAGES)[number];
type Times = { readonly [S in Stage]: number };

interface Found {
  readonly foreground: number;
  readonly markers: number;
  readonly regions: number;
  readonly meanArea: number;
  readonly meanPerimeter: number;
}

interface Peer extends Found {
  readonly milliseconds: Times;
  readonly versions: { readonly [name: string]: string };
}

export interface SegmentSpeedBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "segmentation chain";
  readonly metric: "milliseconds, one thread, medians";
  readonly size: number;
  readonly nParticles: number;
  readonly rounds: number;
  readonly stages: readonly { readonly name: Stage; readonly ours: number; readonly peer: number | null }[];
  readonly total: {
    readonly ours: number;
    readonly peer: number | null;
    /** Ours over the peer's, of the medians of the sums. */
    readonly ratio: number | null;
    /** Fastest and slowest sum. */
    readonly spread: { readonly ours: readonly number[]; readonly peer: readonly number[] | null };
  };
  readonly found: { readonly ours: Found; readonly peer: Found | null };
  /** Share of the common foreground where both chains draw the same region (regions matched by largest overlap). */
  readonly labelAgreement: number | null;
}

const SIZE = 2048;
const SPACING = 8;
const N_PARTICLES = 5200;

/** Bright discs and ellipses that touch and overlap a little, blurred edges, noise, on a dark ground. */
export function touchingParticles(size: number, nParticles: number, seed: number): Raster<Float32Array> {
  const random = createRandom(seed);
  const cover = new Float32Array(size * size);
  for (let k = 0; k < nParticles; k++) {
    const [cx, cy, major] = [random.next() * size, random.next() * size, 8 + 14 * random.next()];
    const minor = major * (0.7 + 0.3 * random.next());
    const angle = Math.PI * random.next();
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let y = Math.max(0, Math.floor(cy - major - 2)); y < Math.min(size, cy + major + 2); y++) {
      for (let x = Math.max(0, Math.floor(cx - major - 2)); x < Math.min(size, cx + major + 2); x++) {
        const u = ((x - cx) * c + (y - cy) * s) / major;
        const v = ((y - cy) * c - (x - cx) * s) / minor;
        const edge = (1 - Math.hypot(u, v)) * minor;
        const share = Math.min(1, Math.max(0, 0.5 + edge / 2));
        const i = y * size + x;
        cover[i] = Math.max(cover[i]!, share); // inside the image
      }
    }
  }
  const data = cover.map((share) => Math.min(1, Math.max(0, 0.25 + 0.5 * share + 0.04 * random.normal())));
  return createRaster(data, size, size);
}

function ourChain(image: Raster<Float32Array>): { times: Times; labels: LabelMap; found: Found } {
  const at = [performance.now()];
  const lap = (): number => at.push(performance.now());
  const { mask } = thresholdImage(image);
  lap();
  const { distance } = distanceTransform(mask);
  lap();
  const { markers, n } = localMaxima(distance, { minDistancePx: SPACING, threshold: 0 });
  lap();
  const negated = new Float32Array(distance.data.length);
  for (let i = 0; i < negated.length; i++) negated[i] = -distance.data[i]!; // as long
  const relief = createRaster(negated, image.width, image.height);
  const labels = markerWatershed(relief, markers, { mask });
  lap();
  const table = regionTable(labels, image);
  lap();
  const times = Object.fromEntries(STAGES.map((name, k) => [name, at[k + 1]! - at[k]!])) as Times; // one lap a stage
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    times,
    labels,
    found: {
      foreground: mask.data.reduce((a, b) => a + b, 0),
      markers: n,
      regions: table.length,
      meanArea: mean(table.map((region) => region.areaPx)),
      meanPerimeter: mean(table.map((region) => region.perimeterPx)),
    },
  };
}

/** Share of pixels labelled by both where the two labels are each other's largest overlap. */
function agreement(a: Uint32Array, b: Uint32Array): number {
  const overlap = new Map<number, number>();
  const width = b.reduce((top, label) => Math.max(top, label), 0) + 1;
  let both = 0;
  for (const [i, label] of a.entries()) {
    const other = b[i]!; // of equal size
    if (label === 0 || other === 0) continue;
    both++;
    overlap.set(label * width + other, (overlap.get(label * width + other) ?? 0) + 1);
  }
  const bestOfA = new Map<number, [key: number, count: number]>();
  const bestOfB = new Map<number, [key: number, count: number]>();
  for (const [key, count] of overlap) {
    for (const [best, label] of [
      [bestOfA, Math.floor(key / width)],
      [bestOfB, key % width],
    ] as const) {
      if (count > (best.get(label)?.[1] ?? 0)) best.set(label, [key, count]);
    }
  }
  let same = 0;
  for (const [key, count] of bestOfA.values()) if (bestOfB.get(key % width)?.[0] === key) same += count;
  return same / both;
}

export function benchmarkSegmentation(rounds = 5): SegmentSpeedBenchmark {
  const image = touchingParticles(SIZE, N_PARTICLES, 1);
  const folder = mkdtempSync(join(tmpdir(), "materiome-segment-"));
  const ours: Times[] = [];
  const peers: Peer[] = [];
  let chain = ourChain(image); // compiles
  let labelAgreement: number | null = null;
  try {
    const [imageFile, labelFile] = [join(folder, "image.raw"), join(folder, "labels.raw")];
    writeFileSync(imageFile, image.data);
    for (let round = 0; round < rounds; round++) {
      chain = ourChain(image);
      ours.push(chain.times);
      const peer = pythonPeer<Peer>("./segmentSpeed_peer.py", [imageFile, SIZE, SIZE, SPACING, labelFile]);
      if (peer === undefined) continue;
      peers.push(peer);
      const bytes = readFileSync(labelFile);
      labelAgreement ??= agreement(chain.labels.data, new Uint32Array(bytes.buffer, bytes.byteOffset, SIZE * SIZE));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const theirs = peers.map(({ milliseconds }) => milliseconds);
  const sum = (times: Times): number => STAGES.reduce((total, name) => total + times[name], 0);
  const [oursSums, peerSums] = [ours.map(sum), theirs.map(sum)];
  const isThere = peers.length > 0;
  const [peer] = peers;
  return {
    suite: "speed",
    case: "segmentation chain",
    metric: "milliseconds, one thread, medians",
    size: SIZE,
    nParticles: N_PARTICLES,
    rounds,
    stages: STAGES.map((name) => ({
      name,
      ours: median(ours.map((times) => times[name])),
      peer: isThere ? median(theirs.map((times) => times[name])) : null,
    })),
    total: {
      ours: median(oursSums),
      peer: isThere ? median(peerSums) : null,
      ratio: isThere ? median(oursSums) / median(peerSums) : null,
      spread: {
        ours: [Math.min(...oursSums), Math.max(...oursSums)],
        peer: isThere ? [Math.min(...peerSums), Math.max(...peerSums)] : null,
      },
    },
    found: {
      ours: chain.found,
      peer:
        peer === undefined
          ? null
          : {
              foreground: peer.foreground,
              markers: peer.markers,
              regions: peer.regions,
              meanArea: peer.meanArea,
              meanPerimeter: peer.meanPerimeter,
            },
    },
    labelAgreement,
    ...provenance(peer?.versions ?? {}),
  };
}

function print(result: SegmentSpeedBenchmark): void {
  const ms = (value: number | null): string => (value === null ? "-" : value.toFixed(0)).padStart(7);
  const ratio = (a: number, b: number | null): string => (b === null ? "-" : (a / b).toFixed(3)).padStart(7);
  console.log(`  ${result.size} × ${result.size}        ours    peer   ratio`);
  for (const { name, ours, peer } of result.stages) {
    console.log(`  ${name.padEnd(16)} ${ms(ours)} ${ms(peer)} ${ratio(ours, peer)}`);
  }
  const { total, found } = result;
  console.log(`  ${"total".padEnd(16)} ${ms(total.ours)} ${ms(total.peer)} ${ratio(total.ours, total.peer)}`);
  console.log(`  ours ${JSON.stringify(found.ours)}`);
  console.log(`  peer ${JSON.stringify(found.peer)}`);
  console.log(`  label agreement ${result.labelAgreement?.toFixed(4) ?? "-"}`);
  console.log(`  milliseconds; ${provenanceLine(result)}`);
}

await runAsCommand(import.meta.url, benchmarkSegmentation, print);
