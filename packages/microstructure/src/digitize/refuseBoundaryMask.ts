import { DataError, type LabelMap } from "@materiome/core";
import { connectedComponents, distanceTransformSquared } from "../kernels/index.ts";

/**
 * Refuses a label map that is in truth a mask of boundary lines: two values, one of them (not 0) on thin lines that cut
 * the other into at least three regions. Measured as labels, the lines would be a grain and the grains nothing, or all of
 * it nonsense. Lines of 0 between grains of one number are labels: each region counts.
 *
 * Thin: less than a tenth of its pixels is farther than 4 px from the other value.
 *
 * @throws DataError naming the two values and how to make labels of the mask
 */
export function refuseBoundaryMask(labels: LabelMap): void {
  const { width, height, data } = labels;
  const values = new Set<number>();
  for (const value of data) if (values.add(value).size > 2) return;
  const [first, second] = values;
  if (first === undefined || second === undefined) return;
  for (const [line, other] of [
    [first, second],
    [second, first],
  ] as const) {
    if (line === 0 || !isThin(labels, line)) continue;
    const between = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) between[i] = data[i] === other ? 1 : 0;
    if (connectedComponents(width, height, between, 4, new Uint32Array(data.length)) < 3) continue;
    throw new DataError(
      `looks like a boundary mask, not labels: its values are ${other} and ${line}, and ${line} lies on thin lines only; number the regions between the lines, or save the lines as 0 and the grains as another number (each separate region counts)`,
    );
  }
}

const THIN_PX = 4;

function isThin({ width, height, data }: LabelMap, value: number): boolean {
  const distance = new Float32Array(data.length);
  const isOther = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) isOther[i] = data[i] === value ? 0 : 1;
  distanceTransformSquared(width, height, isOther, distance);
  let area = 0;
  let thick = 0;
  for (const [i, label] of data.entries()) {
    if (label !== value) continue;
    area++;
    if (distance[i]! > THIN_PX * THIN_PX) thick++; // as long as data
  }
  return thick < 0.1 * area;
}
