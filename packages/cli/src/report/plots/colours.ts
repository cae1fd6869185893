/** Colours that people with any colour vision tell apart (Okabe & Ito 2008) plus greys. */
export const COLOURS = {
  blue: "#0072b2",
  orange: "#e69f00",
  green: "#009e73",
  red: "#d55e00",
  purple: "#cc79a7",
  sky: "#56b4e9",
  grey: "#8a8f98",
  ink: "#22262d",
} as const;

/** Stops of the viridis map (S. van der Walt & N. Smith, CC0), perceptually uniform. */
const VIRIDIS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
];

/** Colour of a value between `range[0]` (dark) and `range[1]` (bright); white where there is none. */
export function mapColour(value: number, [low, high]: readonly [number, number]): string {
  if (!Number.isFinite(value)) return "#ffffff";
  const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1))) * (VIRIDIS.length - 1);
  const i = Math.min(VIRIDIS.length - 2, Math.floor(share));
  const from = VIRIDIS[i] ?? [0, 0, 0];
  const to = VIRIDIS[i + 1] ?? from;
  const mix = [0, 1, 2].map((c) => Math.round((from[c] ?? 0) + ((to[c] ?? 0) - (from[c] ?? 0)) * (share - i)));
  return `rgb(${mix.join(",")})`;
}
