const SPACE = 32;
const TAB = 9;
const PLUS = 43;
const MINUS = 45;
const ZERO = 48;
const LOWER_E = 101;
const UPPER_E = 69;

/** Powers of ten up to which 10^k as the sum of two doubles is tabulated. */
const MOST_POWER = 60;
const TEN = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`)); // exact in double precision
const TEN_HIGH = Float64Array.from({ length: 2 * MOST_POWER + 1 }, (_, k) => Number(`1e${k - MOST_POWER}`));
const TEN_LOW = Float64Array.from({ length: 2 * MOST_POWER + 1 }, (_, k) => rest(k - MOST_POWER, TEN_HIGH[k]));

/** 10^k − high to double precision, by exact integer arithmetic. */
function rest(k: number, high: number): number {
  if (k >= 0) return Number(10n ** BigInt(k) - BigInt(high));
  // 10^k >= 1e-60 has its last bit at 2^-252 or above: high · 2^256 is an integer.
  const integer = BigInt(high * 2 ** 256);
  const ten = 10n ** BigInt(-k);
  const numerator = (1n << 256n) - integer * ten; // (10^k − high) · 2^256 · 10^-k
  return Number((numerator << 200n) / ten) / 2 ** 228 / 2 ** 228;
}

/**
 * Reads column `column` of `n` records as numbers: `[+-]digits[sign digits][e[+-]digits]`, blanks around it allowed.
 *
 * Every number that is written to `values` is the double nearest to the text, as `Number(text)` gives it: up to 15 digits
 * and powers of ten to 22 need one correctly rounded operation (Clinger 1990, doi:10.1145/93542.93557); up to 19 digits
 * are multiplied as sums of two doubles, and taken only if the error bound cannot change the rounding. Whatever remains,
 * numbers or not, gets NaN and is listed in `attention`.
 *
 * @param firsts - first field of each record
 * @param decimal - byte of the decimal sign
 * @param values - filled from `offset`
 * @param attention - records (0 … n − 1) that were not read
 * @param out - [number of records with a decimal sign, first of them or −1, number of empty fields]
 * @returns how many are listed in `attention`
 */
export function parseNumberFields(
  n: number,
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  firsts: Int32Array,
  column: number,
  decimal: number,
  values: Float64Array,
  valid: Uint8Array,
  offset: number,
  attention: Int32Array,
  out: Int32Array,
): number {
  let nAttention = 0;
  let nSigns = 0;
  let firstSign = -1;
  let nEmpty = 0;
  for (let r = 0; r < n; r++) {
    const f = firsts[r] + column;
    let i = starts[f];
    let e = ends[f];
    while (i < e && (bytes[i] === SPACE || bytes[i] === TAB)) i++;
    while (e > i && (bytes[e - 1] === SPACE || bytes[e - 1] === TAB)) e--;
    if (i === e) {
      values[offset + r] = Number.NaN;
      valid[offset + r] = 0;
      nEmpty++;
      continue;
    }
    const isNegative = bytes[i] === MINUS;
    if (isNegative || bytes[i] === PLUS) i++;
    let head = 0; // first 15 significant digits
    let tail = 0; // digits 16 to 19
    let nDigits = 0;
    let nTail = 0;
    let nSignificant = 0;
    let power = 0;
    let hasSign = false;
    let isLong = false;
    for (; i < e; i++) {
      const d = bytes[i] - ZERO;
      if (d >= 0 && d <= 9) {
        nDigits++;
        if (nSignificant < 15) {
          head = head * 10 + d;
          if (head !== 0) nSignificant++;
          if (hasSign) power--;
        } else if (nSignificant < 19) {
          tail = tail * 10 + d;
          nTail++;
          nSignificant++;
          if (hasSign) power--;
        } else {
          if (d !== 0) isLong = true;
          if (!hasSign) power++;
        }
      } else if (!hasSign && bytes[i] === decimal) {
        hasSign = true;
      } else {
        break;
      }
    }
    let isNumber = nDigits > 0;
    if (isNumber && i < e && (bytes[i] === LOWER_E || bytes[i] === UPPER_E)) {
      i++;
      const isDown = bytes[i] === MINUS;
      if (i < e && (isDown || bytes[i] === PLUS)) i++;
      let exponent = 0;
      const first = i;
      for (; i < e; i++) {
        const d = bytes[i] - ZERO;
        if (d < 0 || d > 9) break;
        if (exponent < 100000) exponent = exponent * 10 + d;
      }
      if (i === first) isNumber = false;
      power += isDown ? -exponent : exponent;
    }
    let value = Number.NaN;
    if (isNumber && i === e && !isLong) {
      if (head === 0) {
        value = 0;
      } else if (nTail === 0 && power === 0) {
        value = head;
      } else if (nTail === 0 && power < 0 && power >= -22) {
        value = head / TEN[-power];
      } else if (nTail === 0 && power > 0 && power <= 22) {
        value = head * TEN[power];
      } else if (power >= -MOST_POWER && power <= MOST_POWER) {
        value = nearest(head, tail, nTail, power);
      }
    }
    if (Number.isNaN(value)) {
      attention[nAttention++] = r;
      valid[offset + r] = 0;
    } else {
      valid[offset + r] = 1;
      if (hasSign) {
        nSigns++;
        if (firstSign < 0) firstSign = r;
      }
    }
    values[offset + r] = isNegative ? -value : value;
  }
  out[0] = nSigns;
  out[1] = firstSign;
  out[2] = nEmpty;
  return nAttention;
}

/**
 * (head · 10^nTail + tail) · 10^power, correctly rounded, or NaN where that cannot be told. Products as sums of two
 * doubles after Dekker 1971 (doi:10.1007/BF01397083); the error of the result is below 2^-102 of it, 2^-98 is allowed for.
 */
function nearest(head: number, tail: number, nTail: number, power: number): number {
  const scale = TEN[nTail];
  let m = head * scale;
  let mLow = productRest(head, scale, m) + tail; // exact: both below 2^53, the sum needs fewer than 53 bits
  const sum = m + mLow;
  mLow -= sum - m;
  m = sum;
  const high = TEN_HIGH[power + MOST_POWER];
  const p = m * high;
  const low = productRest(m, high, p) + (m * TEN_LOW[power + MOST_POWER] + mLow * high);
  const error = p * 3.1554436208840472e-30; // 2^-98
  const lower = p + (low - error);
  return lower === p + (low + error) ? lower : Number.NaN;
}

/** a · b − p, exactly, where p is the rounded product. */
function productRest(a: number, b: number, p: number): number {
  const splitA = 134217729 * a;
  const aHigh = splitA - (splitA - a);
  const aLow = a - aHigh;
  const splitB = 134217729 * b;
  const bHigh = splitB - (splitB - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
