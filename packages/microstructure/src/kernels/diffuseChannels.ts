/**
 * Edge-preserving smoothing of an image of several channels, stored one after the other: `nSteps` explicit steps of nonlinear
 * diffusion whose conductance g = 1 / (1 + |ΔI|²/K²) is shared by all channels, |ΔI| the Euclidean difference of two
 * 4-neighbours over the channels (P. Perona, J. Malik, IEEE Trans. PAMI 12, 629 (1990), doi:10.1109/34.56205). With K
 * infinite it is a Gaussian of variance 2·`nSteps`·0.2 px². Nothing flows across the image border. In place; `scratch` is as large as `values`.
 *
 * A pixel takes what flows from above, from the left, to the right and to below in this order, each rounded to 32 bits.
 */
export function diffuseChannels(
  width: number,
  height: number,
  nChannels: number,
  edge: number,
  nSteps: number,
  values: Float32Array,
  scratch: Float32Array,
): void {
  const perEdge2 = 1 / (edge * edge);
  if (nChannels !== 1 && nChannels !== 3) {
    for (let step = 0; step < nSteps; step++) stepOfMany(width, height, nChannels, perEdge2, values, scratch);
    return;
  }
  const above = new Float64Array(nChannels * width);
  const take = nChannels === 1 ? stepOfOne : stepOfThree;
  let source = values;
  let target = scratch;
  for (let step = 0; step < nSteps; step++) {
    above.fill(0);
    take(width, height, perEdge2, source, above, target);
    const last = source;
    source = target;
    target = last;
  }
  if (source !== values) values.set(source.subarray(0, nChannels * width * height));
}

function stepOfMany(
  width: number,
  height: number,
  nChannels: number,
  perEdge2: number,
  values: Float32Array,
  scratch: Float32Array,
): void {
  const size = width * height;
  scratch.set(values);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      for (let side = 0; side < 2; side++) {
        if (side === 0 ? x + 1 === width : y + 1 === height) continue;
        const j = side === 0 ? i + 1 : i + width;
        let square = 0;
        for (let c = 0, k = 0; c < nChannels; c++, k += size) {
          const d = scratch[k + j] - scratch[k + i];
          square += d * d;
        }
        const flow = RATE / (1 + square * perEdge2);
        for (let c = 0, k = 0; c < nChannels; c++, k += size) {
          const d = flow * (scratch[k + j] - scratch[k + i]);
          values[k + i] += d;
          values[k + j] -= d;
        }
      }
    }
  }
}

/** The same step of one channel, each pixel written once; `above` gets the flows down from each row, and is 0 at first. */
function stepOfOne(
  width: number,
  height: number,
  perEdge2: number,
  source: Float32Array,
  above: Float64Array,
  target: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    // At the border a pixel is its own neighbour: nothing flows.
    const below = y + 1 < height ? width : 0;
    let left = 0;
    let value = source[row];
    for (let x = 0; x < width; x++) {
      const i = row + x;
      const next = source[x + 1 < width ? i + 1 : i];
      const r = next - value;
      const d = source[i + below] - value;
      const right = (RATE / (1 + r * r * perEdge2)) * r;
      const down = (RATE / (1 + d * d * perEdge2)) * d;
      target[i] = Math.fround(Math.fround(Math.fround(value - above[x]) - left) + right) + down;
      left = right;
      above[x] = down;
      value = next;
    }
  }
}

function stepOfThree(
  width: number,
  height: number,
  perEdge2: number,
  source: Float32Array,
  above: Float64Array,
  target: Float32Array,
): void {
  const size = width * height;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const below = y + 1 < height ? width : 0;
    let left0 = 0;
    let left1 = 0;
    let left2 = 0;
    let value0 = source[row];
    let value1 = source[row + size];
    let value2 = source[row + 2 * size];
    for (let x = 0, a = 0; x < width; x++, a += 3) {
      const i = row + x;
      const j = i + size;
      const k = j + size;
      const beside = x + 1 < width ? 1 : 0;
      const next0 = source[i + beside];
      const next1 = source[j + beside];
      const next2 = source[k + beside];
      const r0 = next0 - value0;
      const r1 = next1 - value1;
      const r2 = next2 - value2;
      const d0 = source[i + below] - value0;
      const d1 = source[j + below] - value1;
      const d2 = source[k + below] - value2;
      const right = RATE / (1 + (r0 * r0 + r1 * r1 + r2 * r2) * perEdge2);
      const down = RATE / (1 + (d0 * d0 + d1 * d1 + d2 * d2) * perEdge2);
      target[i] = Math.fround(Math.fround(Math.fround(value0 - above[a]) - left0) + right * r0) + down * d0;
      target[j] = Math.fround(Math.fround(Math.fround(value1 - above[a + 1]) - left1) + right * r1) + down * d1;
      target[k] = Math.fround(Math.fround(Math.fround(value2 - above[a + 2]) - left2) + right * r2) + down * d2;
      left0 = right * r0;
      left1 = right * r1;
      left2 = right * r2;
      above[a] = down * d0;
      above[a + 1] = down * d1;
      above[a + 2] = down * d2;
      value0 = next0;
      value1 = next1;
      value2 = next2;
    }
  }
}

/** Length of a step; up to 0.25 it is stable. */
const RATE = 0.2;
