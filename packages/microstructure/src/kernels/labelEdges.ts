/**
 * Marks pixels of a region that touch another region across an edge: those with a different label, not 0, to the left, right, above
 * or below; with `zeroCounts` not 0 also those that touch 0. Pixels of label 0 are not marked.
 */
export function labelEdges(
  width: number,
  height: number,
  labels: Uint32Array,
  zeroCounts: 0 | 1,
  out: Uint8Array,
): void {
  out.fill(0);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = labels[i];
      if (label === 0) continue;
      const left = x > 0 ? labels[i - 1] : label;
      const right = x + 1 < width ? labels[i + 1] : label;
      const up = y > 0 ? labels[i - width] : label;
      const down = y + 1 < height ? labels[i + width] : label;
      const meets = (other: number): boolean => other !== label && (zeroCounts !== 0 || other !== 0);
      if (meets(left) || meets(right) || meets(up) || meets(down)) out[i] = 1;
    }
  }
}
