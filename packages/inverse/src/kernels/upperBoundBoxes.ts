/** A local upper bound: nothing below it is dominated, and it can be raised in no coordinate. `by[j]` is the row that bounds it in j. */
interface UpperBound {
  readonly at: Float64Array;
  readonly by: readonly Float64Array[];
}

/**
 * Disjoint boxes whose union is what n rows of m numbers (all to be small) do not dominate below the reference: twice the local
 * upper bounds of Lacour, Klamroth & Fonseca (Comput. Oper. Res. 79, 347 (2017)), as Daulton, Balandat & Bakshy use them (2020). The
 * bounds of the rows are, with signs turned, rows whose dominated region is the wanted one; that region is cut into one box for each
 * of their own bounds. Boxes without volume are left out; lower corners may be −∞.
 *
 * @returns lower and upper corners, each [boxes, m]
 */
export function upperBoundBoxes(
  n: number,
  m: number,
  values: Float64Array,
  reference: Float64Array,
): { readonly boxes: number; readonly lower: Float64Array; readonly upper: Float64Array } {
  const rows: Float64Array[] = [];
  for (let i = 0; i < n; i++) rows.push(values.subarray(i * m, (i + 1) * m));
  const bounds = upperBounds(m, rows, reference);
  const turned = bounds.map(({ at }) => at.map((value) => -value));
  const infinite = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  // Bounds are found fastest where rows come from one side.
  turned.sort((a, b) => a[m - 1] - b[m - 1]);
  const cells = upperBounds(m, turned, infinite);
  const lower = new Float64Array(cells.length * m);
  const upper = new Float64Array(cells.length * m);
  let boxes = 0;
  for (const { at, by } of cells) {
    const from = boxes * m;
    let isEmpty = false;
    for (let j = 0; j < m; j++) {
      // In turned signs the box is [z₁(u), ∞) × Π_{j>1} [max_{k<j} z_j^k(u), u_j).
      let low = by[0][j];
      for (let k = 1; k < j; k++) low = Math.max(low, by[k][j]);
      const high = j === 0 ? Number.POSITIVE_INFINITY : at[j];
      lower[from + j] = -high;
      upper[from + j] = -low;
      if (!(low < high)) isEmpty = true;
    }
    if (!isEmpty) boxes++;
  }
  return { boxes, lower: lower.slice(0, boxes * m), upper: upper.slice(0, boxes * m) };
}

function upperBounds(m: number, rows: readonly Float64Array[], reference: Float64Array): UpperBound[] {
  const corners = Array.from(reference, (value, j) => {
    const corner = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
    corner[j] = value;
    return corner;
  });
  let bounds: UpperBound[] = [{ at: reference, by: corners }];
  for (const row of rows) {
    const kept: UpperBound[] = [];
    const made: UpperBound[] = [];
    for (const bound of bounds) {
      if (!isBelow(m, row, bound.at)) {
        kept.push(bound);
        continue;
      }
      for (let j = 0; j < m; j++) {
        let most = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < m; k++) if (k !== j) most = Math.max(most, bound.by[k][j]);
        if (!(row[j] >= most)) continue;
        const at = bound.at.slice();
        at[j] = row[j];
        const by = bound.by.slice();
        by[j] = row;
        made.push({ at, by });
      }
    }
    bounds = kept.concat(made);
  }
  return bounds;
}

function isBelow(m: number, a: Float64Array, b: Float64Array): boolean {
  for (let j = 0; j < m; j++) if (!(a[j] < b[j])) return false;
  return true;
}
