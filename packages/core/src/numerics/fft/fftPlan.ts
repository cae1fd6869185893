import { convolutionLength, middleDivisor, radicesOf } from "./factorise.ts";
import { type FftExports, fftEngine } from "./fftEngine.ts";
import { unitRoot } from "./unitRoot.ts";

/** Where the module finds its tables for one length and direction; laid out as assembly/fft.ts says. */
export interface FftPlan {
  readonly address: number;
  /** Numbers of work space that a transform along one axis needs. */
  readonly workLength: number;
}

/** −1: exp(−2πi j k / n); 1: exp(2πi j k / n). */
export type FftDirection = -1 | 1;

/** Above this length a contiguous transform no longer fits the second-level cache and goes in two steps. */
const SPLIT_FROM = 16_384;
/** Plans beyond this many bytes are forgotten together. */
const PLANS_KEPT = 64 * 1024 * 1024;

let owner: FftExports | undefined;
let firstByte = 0;
let depth = 0;
const plans = new Map<string, FftPlan>();

/** Runs `job` with plans for the lengths given, made or remembered; they hold until it returns, also through calls within it. */
export function withFftPlans<Result>(
  who: string,
  lengths: readonly number[],
  direction: FftDirection,
  job: (plans: readonly FftPlan[], workLength: number) => Result,
): Result {
  return fftEngine.use(who, [], (wasm) => {
    if (wasm !== owner) {
      owner = wasm;
      firstByte = wasm.dataStart();
      plans.clear();
    } else if (depth === 0 && wasm.dataStart() - firstByte > PLANS_KEPT) {
      wasm.forget();
      plans.clear();
    }
    depth++;
    try {
      const found = lengths.map((length) => planFor(length, direction));
      return job(found, Math.max(...found.map((plan) => plan.workLength)));
    } finally {
      depth--;
    }
  });
}

function planFor(n: number, direction: FftDirection): FftPlan {
  const key = `${n} ${direction}`;
  const known = plans.get(key);
  if (known !== undefined) return known;
  const radices = radicesOf(n);
  const rows = n > SPLIT_FROM ? middleDivisor(n) : 1;
  const plan =
    radices === undefined
      ? chirpPlan(n, direction)
      : rows >= 16
        ? splitPlan(n, direction, rows)
        : smoothPlan(n, direction, radices);
  plans.set(key, plan);
  return plan;
}

/** Passes of mixed radices. */
function smoothPlan(n: number, direction: FftDirection, radices: readonly number[]): FftPlan {
  const sizes = [8 + 2 * radices.length];
  let m = n;
  for (const radix of radices) {
    m /= radix;
    const half = radix > 5 && radix % 2 === 1 ? (radix - 1) / 2 : 0;
    sizes.push(3 * m * (radix - 1), 2 * half * half);
  }
  const address = fftEngine.use("fft", sizes, (wasm, addresses, view) => {
    const base = addresses[0] ?? 0; // one address for each size
    const words = new Int32Array(wasm.memory.buffer, base, 16 + 4 * radices.length);
    words.fill(0);
    words.set([n, direction, radices.length]);
    let length = n;
    for (const [i, radix] of radices.entries()) {
      length /= radix;
      const roots = addresses[1 + 2 * i] ?? 0;
      const matrix = addresses[2 + 2 * i] ?? 0;
      words.set([radix, roots, matrix], 16 + 4 * i);
      const table = view(roots, 3 * length * (radix - 1));
      const step = n / (length * radix);
      for (let p = 0, at = 0; p < length; p++) {
        for (let k = 1; k < radix; k++, at += 3) putRoot(table, at, p * k * step, n, direction);
      }
      const half = sizes[2 + 2 * i] === 0 ? 0 : (radix - 1) / 2;
      const cosines = view(matrix, 2 * half * half);
      for (let k = 1, at = 0; k <= half; k++) {
        for (let j = 1; j <= half; j++, at += 2) {
          const { re, im } = unitRoot((j * k) % radix, radix);
          cosines.set([re, im], at);
        }
      }
    }
    wasm.keep((addresses.at(-1) ?? base) + 8 * (sizes.at(-1) ?? 0) - base);
    return base;
  });
  return { address, workLength: 4 * n * blockSize() };
}

/** A long transform as columns and rows of two short ones. */
function splitPlan(n: number, direction: FftDirection, rows: number): FftPlan {
  const first = planFor(rows, direction);
  const second = planFor(n / rows, direction);
  const bits = Math.ceil(Math.log2(n) / 2);
  const fine = 2 ** bits;
  const coarse = Math.ceil(n / fine);
  const address = fftEngine.use("fft", [8, 2 * coarse, 2 * fine], (wasm, [base = 0, pc = 0, pf = 0], view) => {
    const words = new Int32Array(wasm.memory.buffer, base, 16);
    words.fill(0);
    words.set([n, direction]);
    words.set([rows, first.address, second.address, pc, pf, bits], 9);
    putPairs(view(pc, 2 * coarse), fine, n, direction);
    putPairs(view(pf, 2 * fine), 1, n, direction);
    wasm.keep(pf + 16 * fine - base);
    return base;
  });
  const parts = Math.max(first.workLength, second.workLength);
  return { address, workLength: 4 * n + 2 * rows * blockSize() + parts };
}

/** Bluestein's form for lengths with a large prime factor. */
function chirpPlan(n: number, direction: FftDirection): FftPlan {
  const length = convolutionLength(2 * n - 1);
  const forward = planFor(length, -1);
  const backward = planFor(length, 1);
  const sizes = [8, 3 * n, 3 * length];
  const address = fftEngine.use("fft", [...sizes, 2 * length, forward.workLength], (wasm, addresses, view) => {
    const [base = 0, chirp = 0, spectrum = 0, buffer = 0, work = 0] = addresses;
    const words = new Int32Array(wasm.memory.buffer, base, 16);
    words.fill(0);
    words.set([n, direction, 0, 0, length, chirp, spectrum, forward.address, backward.address]);
    const table = view(chirp, 3 * n);
    const values = view(buffer, 2 * length).fill(0);
    let square = 0; // j² mod 2n
    for (let j = 0; j < n; j++) {
      putRoot(table, 3 * j, square, 2 * n, direction);
      const re = table[3 * j] ?? 0;
      const im = -(table[3 * j + 2] ?? 0);
      values.set([re, im], 2 * j);
      if (j > 0) values.set([re, im], 2 * (length - j));
      square = (square + 2 * j + 1) % (2 * n);
    }
    wasm.axis(forward.address, buffer, 1, 1, work);
    const transformed = view(spectrum, 3 * length);
    for (let k = 0; k < length; k++) {
      const re = (values[2 * k] ?? 0) / length;
      const im = (values[2 * k + 1] ?? 0) / length;
      transformed.set([re, -im, im], 3 * k);
    }
    wasm.keep(spectrum + 24 * length - base);
    return base;
  });
  const workLength = length > SPLIT_FROM ? 2 * length + forward.workLength : 8 * length * blockSize();
  return { address, workLength };
}

function blockSize(): number {
  return fftEngine.use("fft", [], (wasm) => wasm.blockSize());
}

/** exp(±2πi k / n) as (re, −im, im). */
function putRoot(table: Float64Array, at: number, k: number, n: number, direction: FftDirection): void {
  const { re, im } = unitRoot(k, n);
  table[at] = re;
  table[at + 1] = -direction * im;
  table[at + 2] = direction * im;
}

function putPairs(table: Float64Array, step: number, n: number, direction: FftDirection): void {
  for (let i = 0; i < table.length / 2 && i * step < n; i++) {
    const { re, im } = unitRoot(i * step, n);
    table[2 * i] = re;
    table[2 * i + 1] = direction * im;
  }
}
