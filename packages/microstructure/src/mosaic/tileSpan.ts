/** Where a tile lies along one axis; what is read begins and ends at multiples of the alignment or at the border. */
export interface TileSpan {
  /** Its own pixels. */
  readonly start: number;
  readonly end: number;
  /** With what it reaches over its seams. */
  readonly from: number;
  readonly to: number;
  /** With the halo too. */
  readonly readFrom: number;
  readonly readTo: number;
}

export function tileSpan(
  start: number,
  end: number,
  length: number,
  blend: number,
  { halo, alignment = 1 }: { readonly halo: number; readonly alignment?: number | undefined },
): TileSpan {
  const from = Math.max(0, start - blend);
  const to = Math.min(length, end + blend);
  const readFrom = alignment * Math.floor(Math.max(0, from - halo) / alignment);
  const readTo = Math.min(length, alignment * Math.ceil((to + halo) / alignment));
  return { start, end, from, to, readFrom, readTo };
}

/** Weight of each pixel from `from` to `to`: rises over the seam at the start, falls over that at the end; 1 at the image's border. */
export function tileWeights(
  { start, end, from, to }: TileSpan,
  length: number,
  blend: number,
  window: "hann" | "linear",
): Float64Array {
  const rise = (at: number, seam: number): number => {
    const t = Math.min(1, Math.max(0, (at + 0.5 - (seam - blend)) / (2 * blend)));
    return window === "linear" ? t : (1 - Math.cos(Math.PI * t)) / 2;
  };
  // The neighbour's weight is computed alike, so that both sum to 1 to the last bit or so.
  return Float64Array.from(
    { length: to - from },
    (_, i) => (start > 0 ? rise(from + i, start) : 1) - (end < length ? rise(from + i, end) : 0),
  );
}
