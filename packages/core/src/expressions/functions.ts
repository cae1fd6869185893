/** A function of plain numbers: the units of its arguments must cancel. `slope` is its derivative by the argument. */
export interface PlainFunction {
  readonly of: (x: number) => number;
  readonly slope: (x: number) => number;
}

/** Takes and returns a number without a unit. */
export const PLAIN_FUNCTIONS: ReadonlyMap<string, PlainFunction> = new Map<string, PlainFunction>([
  ["exp", { of: Math.exp, slope: Math.exp }],
  ["log", { of: Math.log, slope: (x) => 1 / x }],
  ["ln", { of: Math.log, slope: (x) => 1 / x }],
  ["log10", { of: Math.log10, slope: (x) => 1 / (x * Math.LN10) }],
  ["log2", { of: Math.log2, slope: (x) => 1 / (x * Math.LN2) }],
  ["log1p", { of: Math.log1p, slope: (x) => 1 / (1 + x) }],
  ["expm1", { of: Math.expm1, slope: Math.exp }],
  ["asin", { of: Math.asin, slope: (x) => 1 / Math.sqrt(1 - x * x) }],
  ["acos", { of: Math.acos, slope: (x) => -1 / Math.sqrt(1 - x * x) }],
  ["atan", { of: Math.atan, slope: (x) => 1 / (1 + x * x) }],
  ["sinh", { of: Math.sinh, slope: Math.cosh }],
  ["cosh", { of: Math.cosh, slope: Math.sinh }],
  ["tanh", { of: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 }],
  ["floor", { of: Math.floor, slope: () => 0 }],
  ["ceil", { of: Math.ceil, slope: () => 0 }],
  ["round", { of: Math.round, slope: () => 0 }],
]);

/** Takes an angle, or a number in radians. */
export const ANGLE_FUNCTIONS: ReadonlyMap<string, PlainFunction> = new Map<string, PlainFunction>([
  ["sin", { of: Math.sin, slope: Math.cos }],
  ["cos", { of: Math.cos, slope: (x) => -Math.sin(x) }],
  ["tan", { of: Math.tan, slope: (x) => 1 / Math.cos(x) ** 2 }],
]);

/** Every function that an expression can call. */
export const FUNCTION_NAMES: readonly string[] = [
  ...PLAIN_FUNCTIONS.keys(),
  ...ANGLE_FUNCTIONS.keys(),
  ...["sqrt", "cbrt", "abs", "sign", "min", "max", "pow", "quantity", "number", "to", "isMissing"],
];

// Functions that carry a unit.
export const SQRT: PlainFunction = { of: Math.sqrt, slope: (x) => 0.5 / Math.sqrt(x) };
export const CBRT: PlainFunction = { of: Math.cbrt, slope: (x) => 1 / (3 * Math.cbrt(x) ** 2) };
export const ABS: PlainFunction = { of: Math.abs, slope: Math.sign };
export const SIGN: PlainFunction = { of: Math.sign, slope: () => 0 };
