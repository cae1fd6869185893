/**
 * Curvature along chains of points (as `boundaryChains` writes them), after smoothing by a Gaussian along the chain: chain k is
 * resampled at equal steps of about `step`, smoothed with standard deviation `sigma` (closed chains around, open ones by point
 * reflection at their ends, which stay where they are), and its curvature is taken by central differences. Positive where the
 * chain turns to the right hand of one who walks it with y pointing down (clockwise on the screen). The samples of chain k go to
 * `outX`, `outY`, `outCurvature` from `outStarts[k]` on; ends of open chains get 0. Chains shorter than `shortest` get no sample.
 * Returns the number of samples; with `outX` of length 0 it only counts.
 */
export function chainCurvature(
  nChains: number,
  points: Float64Array,
  starts: Uint32Array,
  kinds: Uint8Array,
  step: number,
  sigma: number,
  shortest: number,
  outStarts: Uint32Array,
  outX: Float64Array,
  outY: Float64Array,
  outCurvature: Float64Array,
): number {
  const isCount = outX.length === 0;
  let n = 0;
  let x = new Float64Array(1024);
  let y = new Float64Array(1024);
  let weight = new Float64Array(64);
  for (let k = 0; k < nChains; k++) {
    outStarts[k] = n;
    const first = starts[k];
    const last = starts[k + 1] - 1;
    let length = 0;
    for (let i = first; i < last; i++) {
      const dx = points[2 * i + 2] - points[2 * i];
      const dy = points[2 * i + 3] - points[2 * i + 1];
      length += Math.sqrt(dx * dx + dy * dy);
    }
    if (length < shortest) continue;
    const isClosed = (kinds[k] & 1) !== 0;
    const m = Math.max(4, Math.round(length / step)); // steps
    const h = length / m;
    const count = isClosed ? m : m + 1;
    if (isCount) {
      n += count;
      continue;
    }
    if (x.length < count) {
      x = new Float64Array(2 * count);
      y = new Float64Array(2 * count);
    }
    let i = first;
    let before = 0; // length up to point i
    for (let s = 0; s < count; s++) {
      const at = s * h;
      let piece = 0;
      for (;;) {
        const dx = points[2 * i + 2] - points[2 * i];
        const dy = points[2 * i + 3] - points[2 * i + 1];
        piece = Math.sqrt(dx * dx + dy * dy);
        if (before + piece >= at || i + 1 >= last) break;
        before += piece;
        i++;
      }
      const t = piece === 0 ? 0 : Math.min(1, (at - before) / piece);
      x[s] = points[2 * i] + t * (points[2 * i + 2] - points[2 * i]);
      y[s] = points[2 * i + 1] + t * (points[2 * i + 3] - points[2 * i + 1]);
    }
    const radius = Math.ceil((4 * sigma) / h);
    if (weight.length <= radius) weight = new Float64Array(2 * radius + 1);
    for (let d = 0; d <= radius; d++) weight[d] = Math.exp((-h * h * d * d) / (2 * sigma * sigma));
    for (let s = 0; s < count; s++) {
      let sumX = 0;
      let sumY = 0;
      let weights = 0;
      for (let d = -radius; d <= radius; d++) {
        const w = weight[Math.abs(d)];
        let j = s + d;
        if (isClosed) {
          j = ((j % count) + count) % count;
          sumX += w * x[j];
          sumY += w * y[j];
        } else {
          let addX = 0;
          let addY = 0;
          let sign = 1;
          // Point reflection, as often as it takes to get back into the chain.
          while (j < 0 || j >= count) {
            const end = j < 0 ? 0 : count - 1;
            addX += sign * 2 * x[end];
            addY += sign * 2 * y[end];
            sign = -sign;
            j = 2 * end - j;
          }
          sumX += w * (addX + sign * x[j]);
          sumY += w * (addY + sign * y[j]);
        }
        weights += w;
      }
      outX[n + s] = sumX / weights;
      outY[n + s] = sumY / weights;
    }
    for (let s = 0; s < count; s++) {
      if (!isClosed && (s === 0 || s === count - 1)) {
        outCurvature[n + s] = 0;
        continue;
      }
      const a = n + (s === 0 ? count - 1 : s - 1);
      const b = n + s;
      const c = n + (s === count - 1 ? 0 : s + 1);
      const dx = (outX[c] - outX[a]) / 2;
      const dy = (outY[c] - outY[a]) / 2;
      const speed = dx * dx + dy * dy;
      const turn = dx * (outY[c] - 2 * outY[b] + outY[a]) - dy * (outX[c] - 2 * outX[b] + outX[a]);
      outCurvature[b] = speed === 0 ? 0 : turn / (speed * Math.sqrt(speed));
    }
    n += count;
  }
  outStarts[nChains] = n;
  return n;
}
