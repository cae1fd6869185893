/**
 * How far a mask covers each pixel when its edge is softened over `feather` px: 1 deep inside, 0.5 on the edge, 0 outside, along a smooth step.
 * `inside` and `outside` hold squared distances to the nearest pixel outside and inside the mask, and `out` gets the result.
 */
export function featherAlpha(feather: number, inside: Float32Array, outside: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    // Distance from the edge, which runs half a pixel from the centres on either side.
    const off = outside[i] > 0 ? Math.sqrt(outside[i]) - 0.5 : 0.5 - Math.sqrt(inside[i]);
    if (feather === 0) {
      out[i] = off < 0 ? 1 : 0;
      continue;
    }
    const t = Math.min(1, Math.max(0, 0.5 - off / feather));
    out[i] = t * t * (3 - 2 * t);
  }
}
