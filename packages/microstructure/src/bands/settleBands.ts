import type { BandSpace } from "./bandSpace.ts";

/** Whether a visit changed the first and the last row of its band. */
export interface BandChange {
  readonly first: boolean;
  readonly last: boolean;
}

/** Visits bands, down and up in turn, until no visit changes a row that a neighbouring band has seen. */
export function settleBands(space: BandSpace, visit: (index: number) => BandChange): void {
  const { nBands } = space;
  visitUntilSettled(nBands, (index) => {
    const { first, last } = visit(index);
    return [...(first && index > 0 ? [index - 1] : []), ...(last && index + 1 < nBands ? [index + 1] : [])];
  });
}

/** Visits bands, down and up in turn, until no visit says that bands must be visited again. */
export function visitUntilSettled(nBands: number, visit: (index: number) => Iterable<number>): void {
  const isDue = new Uint8Array(nBands).fill(1);
  for (let isDown = true; isDue.includes(1); isDown = !isDown) {
    for (let k = 0; k < nBands; k++) {
      const index = isDown ? k : nBands - 1 - k;
      if (isDue[index] === 0) continue;
      isDue[index] = 0;
      for (const other of visit(index)) isDue[other] = 1;
    }
  }
}

type SameRow = Uint8Array | Uint32Array | Float32Array | Float64Array;

/** Whether two rows, of one length, hold the same. */
export function isEqual(a: SameRow, b: SameRow): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
