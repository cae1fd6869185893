/**
 * Edge-preserving smoothing of an image of several channels, stored one after the other: `nSteps` explicit steps of nonlinear
 * diffusion whose conductance g = 1 / (1 + |ΔI|²/K²) is shared by all channels, |ΔI| the Euclidean difference of two
 * 4-neighbours over the channels (P. Perona, J. Malik, IEEE Trans. PAMI 12, 629 (1990), doi:10.1109/34.56205). With K
 * infinite it is a Gaussian of variance 2·`nSteps`·0.2 px². Nothing flows across the image border. In place; `scratch` is as large as `values`.
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
  const size = width * height;
  const perEdge2 = 1 / (edge * edge);
  const rate = 0.2;
  for (let step = 0; step < nSteps; step++) {
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
          const flow = rate / (1 + square * perEdge2);
          for (let c = 0, k = 0; c < nChannels; c++, k += size) {
            const d = flow * (scratch[k + j] - scratch[k + i]);
            values[k + i] += d;
            values[k + j] -= d;
          }
        }
      }
    }
  }
}
