/** `lineRidge` as plain loops, in their order of operations. */
export function plainLineRidge(
  width: number,
  height: number,
  margin: number,
  padded: Float32Array,
  nOrientations: number,
  weights: Float64Array,
  offsetsX: Int32Array,
  offsetsY: Int32Array,
  blobPenalty: number,
  out: Float32Array,
  orientation: Uint8Array,
): void {
  const pitch = width + 2 * margin;
  const rows = height + 2 * margin;
  const xx = new Float32Array(pitch * rows);
  const yy = new Float32Array(pitch * rows);
  const xy = new Float32Array(pitch * rows);
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < pitch - 1; x++) {
      const i = y * pitch + x;
      const c = 2 * padded[i];
      xx[i] = padded[i - 1] + padded[i + 1] - c;
      yy[i] = padded[i - pitch] + padded[i + pitch] - c;
      xy[i] = 0.25 * (padded[i - pitch - 1] + padded[i + pitch + 1] - padded[i - pitch + 1] - padded[i + pitch - 1]);
    }
  }
  const across = new Float32Array(pitch * rows);
  const w0 = weights[0];
  const w1 = weights[1];
  const w2 = weights[2];
  const w3 = weights[3];
  const w4 = weights[4];
  out.fill(0, 0, width * height);
  for (let o = 0; o < nOrientations; o++) {
    const angle = (Math.PI * o) / nOrientations;
    const nx = -Math.sin(angle);
    const ny = Math.cos(angle);
    const a = nx * nx;
    const b = 2 * nx * ny;
    const c = ny * ny;
    for (let i = 0; i < across.length; i++) across[i] = a * xx[i] + b * xy[i] + c * yy[i];
    const d1 = offsetsY[5 * o + 1] * pitch + offsetsX[5 * o + 1];
    const d2 = offsetsY[5 * o + 2] * pitch + offsetsX[5 * o + 2];
    const d3 = offsetsY[5 * o + 3] * pitch + offsetsX[5 * o + 3];
    const d4 = offsetsY[5 * o + 4] * pitch + offsetsX[5 * o + 4];
    for (let y = 0; y < height; y++) {
      let i = (y + margin) * pitch + margin;
      const end = (y + 1) * width;
      for (let j = y * width; j < end; j++, i++) {
        const sum =
          w0 * across[i] +
          w1 * (across[i - d1] + across[i + d1]) +
          w2 * (across[i - d2] + across[i + d2]) +
          w3 * (across[i - d3] + across[i + d3]) +
          w4 * (across[i - d4] + across[i + d4]);
        if (sum > out[j]) {
          out[j] = sum;
          orientation[j] = o;
        }
      }
    }
  }
  for (let y = 0; y < height; y++) {
    let i = (y + margin) * pitch + margin;
    const end = (y + 1) * width;
    for (let j = y * width; j < end; j++, i++) {
      if (out[j] === 0) continue;
      const angle = (Math.PI * orientation[j]) / nOrientations;
      const tx = Math.cos(angle);
      const ty = Math.sin(angle);
      const along = tx * tx * xx[i] + 2 * tx * ty * xy[i] + ty * ty * yy[i];
      if (along > 0) out[j] = Math.max(0, out[j] - blobPenalty * along);
    }
  }
}
