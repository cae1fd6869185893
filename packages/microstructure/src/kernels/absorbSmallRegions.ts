/**
 * Gives every region of at most `largest` pixels the label that touches it along most pixel edges, and renumbers the
 * regions 1 … n without gaps, in place; returns n. Labels are 1 … nRegions, 0 takes no part. Small regions are taken in
 * order of their labels; one that touches only other small regions or 0 keeps its label.
 */
export function absorbSmallRegions(
  width: number,
  height: number,
  nRegions: number,
  largest: number,
  labels: Uint32Array,
): number {
  const area = new Float64Array(nRegions + 1);
  for (let i = 0; i < labels.length; i++) area[labels[i]]++;
  const contacts = new Map<number, Map<number, number>>();
  const touch = (a: number, b: number): void => {
    if (a === 0 || b === 0 || area[a] > largest || area[b] <= largest) return;
    let row = contacts.get(a);
    if (row === undefined) {
      row = new Map();
      contacts.set(a, row);
    }
    row.set(b, (row.get(b) ?? 0) + 1);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const a = labels[i];
      const right = x + 1 < width ? labels[i + 1] : a;
      const below = y + 1 < height ? labels[i + width] : a;
      if (right !== a) {
        touch(a, right);
        touch(right, a);
      }
      if (below !== a) {
        touch(a, below);
        touch(below, a);
      }
    }
  }
  const target = new Uint32Array(nRegions + 1);
  for (let k = 1; k <= nRegions; k++) target[k] = k;
  for (const [small, row] of contacts) {
    let best = 0;
    let edges = 0;
    for (const [other, count] of row) {
      if (count > edges || (count === edges && other < best)) {
        best = other;
        edges = count;
      }
    }
    target[small] = best;
  }
  const number = new Uint32Array(nRegions + 1);
  let n = 0;
  for (let k = 1; k <= nRegions; k++) if (target[k] === k && area[k] > 0) number[k] = ++n;
  for (let i = 0; i < labels.length; i++) labels[i] = number[target[labels[i]]];
  return n;
}
