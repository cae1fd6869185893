const QUOTE = 34;
const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;

export const SPLIT_OK = 0;
export const SPLIT_TABLE_FULL = 1;
export const SPLIT_TEXT_AFTER_QUOTE = 2;
export const SPLIT_QUOTE_NOT_CLOSED = 3;

/**
 * Finds the fields of the complete records in `bytes[from, to)` (RFC 4180 quoting; LF, CRLF or CR end a record).
 *
 * Field f is `bytes[starts[f], ends[f])` without its quotes, doubled quotes already made single in place; record r has
 * the fields from `firstField[r]` to `firstField[r + 1]`. A record that may go on behind `to` is left for the next call,
 * unless `isLast`.
 *
 * @param out - [records, fields, end of the bytes consumed]
 * @returns SPLIT_OK, or the reason why it stopped; what stands before is delivered in any case
 */
export function splitRecords(
  bytes: Uint8Array,
  from: number,
  to: number,
  isLast: boolean,
  delimiter: number,
  starts: Int32Array,
  ends: Int32Array,
  firstField: Int32Array,
  out: Int32Array,
): number {
  const most = Math.max(delimiter, CR);
  let nRecords = 0;
  let nFields = 0;
  let consumed = from;
  let code = SPLIT_OK;
  let i = from;
  firstField[0] = 0;
  records: while (i < to) {
    if (nRecords + 1 >= firstField.length) break;
    let f = nFields;
    let hasDoubled = false;
    for (;;) {
      if (f >= starts.length) {
        code = SPLIT_TABLE_FULL;
        break records;
      }
      let start = i;
      let end = i;
      if (i < to && bytes[i] === QUOTE) {
        let doubled = false;
        let j = i + 1;
        for (;;) {
          while (j < to && bytes[j] !== QUOTE) j++;
          if (j >= to) {
            if (isLast) code = SPLIT_QUOTE_NOT_CLOSED;
            break records;
          }
          if (j + 1 >= to && !isLast) break records;
          if (j + 1 >= to || bytes[j + 1] !== QUOTE) break;
          doubled = true;
          j += 2;
        }
        start = i + 1;
        i = j + 1;
        while (i < to && (bytes[i] === SPACE || (bytes[i] === TAB && delimiter !== TAB))) i++;
        if (i < to && bytes[i] !== delimiter && bytes[i] !== LF && bytes[i] !== CR) {
          code = SPLIT_TEXT_AFTER_QUOTE;
          break records;
        }
        end = doubled ? -j : j;
        hasDoubled = hasDoubled || doubled;
      } else {
        while (i < to) {
          const b = bytes[i];
          if (b <= most && (b === delimiter || b === LF || b === CR)) break;
          i++;
        }
        end = i;
      }
      starts[f] = start;
      ends[f] = end;
      f++;
      if (i >= to) {
        if (!isLast) break records;
        break;
      }
      const b = bytes[i];
      i++;
      if (b === delimiter) continue;
      if (b === CR) {
        if (i >= to && !isLast) break records;
        if (i < to && bytes[i] === LF) i++;
      }
      break;
    }
    if (hasDoubled) {
      for (let k = nFields; k < f; k++) if (ends[k] < 0) ends[k] = undouble(bytes, starts[k], -ends[k]);
    }
    nFields = f;
    nRecords++;
    firstField[nRecords] = nFields;
    consumed = i;
  }
  out[0] = nRecords;
  out[1] = nFields;
  out[2] = consumed;
  return code;
}

function undouble(bytes: Uint8Array, start: number, end: number): number {
  let to = start;
  for (let i = start; i < end; i++) {
    bytes[to++] = bytes[i];
    if (bytes[i] === QUOTE) i++;
  }
  return to;
}
