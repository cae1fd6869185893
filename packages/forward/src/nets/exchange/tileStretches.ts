/** A stretch of a tile given to a network, and what is kept of its result; both in pixels of the tile. */
export interface Stretch {
  readonly from: number;
  /** May reach beyond the tile, which is continued by mirroring. */
  readonly size: number;
  readonly keepFrom: number;
  readonly keepTo: number;
}

export interface StretchLimits {
  readonly multiple: number;
  readonly halo: number;
  /** The only size that the network takes. */
  readonly fixed?: number | undefined;
  /** The largest size, a multiple. */
  readonly largest?: number | undefined;
}

/**
 * Cuts `n` pixels into stretches that a network takes, each kept where `halo` pixels are around it or the tile ends. All begin at
 * multiples of `multiple`, so that pooling falls on the same pixels as in the whole tile.
 */
export function tileStretches(n: number, { multiple, halo, fixed, largest }: StretchLimits): Stretch[] {
  const full = multiple * Math.ceil(n / multiple);
  const most = fixed ?? largest ?? full;
  const step = multiple * Math.floor((most - 2 * halo) / multiple);
  const stretches: Stretch[] = [];
  for (let from = 0; ; from += step) {
    const isLast = from + most >= full || from + most - halo >= n;
    stretches.push({
      from,
      size: fixed ?? Math.min(most, full - from),
      keepFrom: from === 0 ? 0 : from + halo,
      keepTo: isLast ? n : from + step + halo,
    });
    if (isLast) return stretches;
  }
}

/** Pixel of a row of n that stands at place i when the row is continued by mirroring. */
export function mirrored(i: number, n: number): number {
  const j = i % (2 * n);
  return j < n ? j : 2 * n - 1 - j;
}
