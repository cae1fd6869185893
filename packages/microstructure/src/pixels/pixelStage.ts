import {
  type ClassPrediction,
  createMatrix,
  type FeatureMatrix,
  type Model,
  type ModelReader,
  type Raster,
  type SyncPredict,
  supportsPlanePredict,
} from "@materiome/core";
import { createContextBank } from "./contextBank.ts";
import { createFeatureBank, type FeatureBank, type ResolvedFeatureBankOptions } from "./featureBank.ts";
import type { Region } from "./featureWindow.ts";

export type PixelModel = Model<FeatureMatrix, ClassPrediction> & SyncPredict<ClassPrediction>;

/** What features of the probability maps a second stage uses. */
export interface ContextSpec {
  /** Classes whose maps are used, as indices; lines are looked for in the map of the first. */
  readonly classes: readonly number[];
  readonly names: readonly string[];
  readonly surroundingsPx: readonly number[];
  readonly isDirected: boolean;
  readonly hasLines: boolean;
}

/** How the features of all stages are made. */
export interface BankSpec {
  readonly channels: readonly string[];
  readonly features: ResolvedFeatureBankOptions;
  /** Absent for one stage. */
  readonly context?: ContextSpec | undefined;
}

export interface PixelBanks {
  readonly image: FeatureBank;
  readonly context: FeatureBank | undefined;
}

export function createBanks(spec: BankSpec): PixelBanks {
  const { context } = spec;
  return {
    image: createFeatureBank(spec.channels, spec.features),
    context: context === undefined ? undefined : createContextBank(context.names, context),
  };
}

/** Class probabilities, interleaved, of a region: from the image alone, or with the maps of the stage before. */
export function predictRegion(
  banks: PixelBanks,
  model: PixelModel,
  image: Raster<Float32Array>,
  maps: Raster<Float32Array> | undefined,
  region: Region,
  nClasses: number,
): Float32Array {
  const planes = banks.image.compute(image, region);
  if (maps !== undefined && banks.context !== undefined) planes.push(...banks.context.compute(maps, region));
  const n = region.width * region.height;
  const out = new Float32Array(n * nClasses);
  if (supportsPlanePredict(model)) model.predictPlanes(planes, n, out);
  else predictRows(model, planes, n, nClasses, out);
  return out;
}

const ROWS_AT_ONCE = 4096;

/** For models that only know rows. */
function predictRows(
  model: PixelModel,
  planes: readonly Float32Array[],
  n: number,
  nClasses: number,
  out: Float32Array,
): void {
  const d = planes.length;
  for (let from = 0; from < n; from += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, n - from);
    const x = createMatrix(rows, d);
    for (const [f, plane] of planes.entries()) {
      for (let i = 0; i < rows; i++) x.data[i * d + f] = plane[from + i]!; // from + i < n
    }
    out.set(model.predictSync(x).probabilities.data, from * nClasses);
  }
}

/** Input of {@link predictPixelTile}, the same region function in another thread. */
export interface PredictPixelTileInput {
  readonly spec: BankSpec;
  /** Module that reads the model, and its JSON as UTF-8 bytes in shared memory. */
  readonly module: string;
  readonly json: Uint8Array;
  /** Tells models apart, so that a thread reads each once. */
  readonly key: string;
  readonly image: Raster<Float32Array>;
  readonly maps: Raster<Float32Array> | undefined;
  readonly region: Region;
  readonly nClasses: number;
}

const held: { key: string; model: PixelModel; banks: PixelBanks }[] = [];

export async function predictPixelTile(input: PredictPixelTileInput): Promise<Float32Array> {
  let entry = held.find(({ key }) => key === input.key);
  if (entry === undefined) {
    const { reader } = (await import(input.module)) as { readonly reader: ModelReader };
    const data: unknown = JSON.parse(new TextDecoder().decode(input.json.slice()));
    const model = (await reader.read(data, reader)) as unknown as PixelModel;
    entry = { key: input.key, model, banks: createBanks(input.spec) };
    held.unshift(entry);
    held.length = Math.min(held.length, 2);
  }
  return predictRegion(entry.banks, entry.model, input.image, input.maps, input.region, input.nClasses);
}

/** Input of {@link samplePixelTile}: features of chosen pixels. */
export interface SamplePixelTileInput {
  readonly spec: BankSpec;
  readonly kind: "image" | "context";
  readonly source: Raster<Float32Array>;
  readonly region: Region;
  /** Pixels of the region, y · region.width + x. */
  readonly pixels: Int32Array;
}

/** Features of the pixels, row by row. */
export function samplePixelTile(input: SamplePixelTileInput): Float32Array {
  const bank = createBanks(input.spec)[input.kind];
  if (bank === undefined || input.pixels.length === 0) return new Float32Array(0);
  const planes = bank.compute(input.source, input.region);
  const out = new Float32Array(input.pixels.length * planes.length);
  let k = 0;
  for (const pixel of input.pixels) for (const plane of planes) out[k++] = plane[pixel]!; // pixels of the region
  return out;
}
