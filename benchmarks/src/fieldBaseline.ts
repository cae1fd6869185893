import { createMatrix, createRaster, type Raster } from "@materiome/core";
import { gramMatrix, multiplyMatrices, solvePositiveDefinite } from "@materiome/core/numerics";
import type { FieldExample } from "@materiome/forward/nets";

const RADII = [1, 2, 4, 8, 16];

/**
 * Linear least squares of each component on what lies around a pixel of a two-phase map: its phase, the fraction of phase 1 in squares, rows and columns
 * of five half widths around it, and all of them times the phase.
 *
 * @param step - every how many pixels one is learned from
 */
export function fitLocalFractions(
  examples: readonly FieldExample[],
  step: number,
): (phases: Raster) => Raster<Float32Array> {
  const k = examples[0]!.field.channels; // there is one
  const rows: Float64Array[] = [];
  const values: number[] = [];
  for (const { phases, field } of examples) {
    const features = localFractions(phases);
    for (let p = 0; p < phases.data.length; p += step) {
      rows.push(features[p]!); // one a pixel
      for (let c = 0; c < k; c++) values.push(field.data[p * k + c]!);
    }
  }
  const d = rows[0]!.length;
  const x = createMatrix(rows.length, d);
  for (const [i, row] of rows.entries()) x.data.set(row, i * d);
  const gram = gramMatrix(x);
  for (let i = 0; i < d; i++) gram.data[i * (d + 1)]! *= 1 + 1e-8; // near copies of one another, such as fractions of wide squares
  const y = createMatrix(rows.length, k, Float64Array.from(values));
  const right = multiplyMatrices(x, y, { isTransposedA: true });
  const weights = solvePositiveDefinite(gram, right);
  return (phases) => {
    const features = localFractions(phases);
    const data = new Float32Array(features.length * k);
    for (const [p, row] of features.entries()) {
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += row[j]! * weights.data[j * k + c]!; // d features, k components
        data[p * k + c] = sum;
      }
    }
    return createRaster(data, phases.width, phases.height, { channels: k });
  };
}

function localFractions({ data, width, height }: Raster): Float64Array[] {
  const own = Float64Array.from(data);
  const maps: Float64Array[] = [];
  for (const radius of RADII) {
    const along = windowMean(own, width, height, radius, 1);
    maps.push(along, windowMean(own, width, height, radius, width), windowMean(along, width, height, radius, width));
  }
  return Array.from({ length: own.length }, (_, p) => {
    const around = maps.map((map) => map[p]!); // one a pixel
    const phase = own[p]!;
    return Float64Array.of(1, ...around, phase, ...around.map((value) => value * phase));
  });
}

/** Mean over 2 radius + 1 pixels of a map that repeats itself, along rows (stride 1) or columns (stride width). */
function windowMean(values: Float64Array, width: number, height: number, radius: number, stride: number): Float64Array {
  const out = new Float64Array(values.length);
  const [n, lines] = stride === 1 ? [width, height] : [height, width];
  for (let line = 0; line < lines; line++) {
    const start = stride === 1 ? line * width : line;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = i - radius; j <= i + radius; j++) sum += values[start + (((j % n) + n) % n) * stride]!; // inside
      out[start + i * stride] = sum / (2 * radius + 1);
    }
  }
  return out;
}
