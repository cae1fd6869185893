import { createRandom, type LabelMap } from "@materiome/core";
import { writeMicrographPng } from "@materiome/microstructure";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";

export const FIELD_SIZE_PX = 240;

/** Grains of field `k`, of about 28 px; the same `k` gives the same grains. */
export function fieldGrains(k: number, sizePx: number = FIELD_SIZE_PX): LabelMap {
  const size = { width: sizePx, height: sizePx, nGrains: Math.round((70 * sizePx ** 2) / FIELD_SIZE_PX ** 2) };
  return voronoiGrains(size, createRandom("grains").fork(k));
}

/** A micrograph of field `k` as PNG, which holds no calibration. */
export async function writeField(path: string, k: number, sizePx?: number): Promise<void> {
  const image = renderMicrograph(fieldGrains(k, sizePx), { noise: "low" }, createRandom("camera").fork(k));
  await writeMicrographPng(path, image);
}

/** A picture without anything on it. */
export async function writeUniform(path: string): Promise<void> {
  const grey = { data: new Float32Array(200 * 200).fill(0.5), width: 200, height: 200, channels: 1 };
  await writeMicrographPng(path, grey);
}
