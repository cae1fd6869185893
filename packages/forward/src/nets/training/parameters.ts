import { decodeArray, encodeArray, FormatError, type Json } from "@materiome/core";

/** Numbers of a network by name. What a training loop gives out lies in shared memory: threads see it without copies. */
export type Parameters = Readonly<Record<string, Float32Array>>;

/** A copy whose arrays are parts of one array in shared memory. */
export function shareParameters(parameters: Parameters): Parameters {
  const names = Object.keys(parameters);
  const total = names.reduce((sum, name) => sum + parameters[name]!.length, 0); // of its own keys
  const all = new Float32Array(new SharedArrayBuffer(4 * total));
  const shared: Record<string, Float32Array> = {};
  let start = 0;
  for (const name of names) {
    const values = parameters[name]!; // of its own keys
    shared[name] = all.subarray(start, start + values.length);
    shared[name].set(values);
    start += values.length;
  }
  return shared;
}

export function copyParameters(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, Float32Array.from(values)]));
}

export function setParameters(target: Parameters, source: Parameters): void {
  for (const [name, values] of Object.entries(target)) values.set(source[name] ?? values);
}

/** Bit for bit: base64 of 32-bit floats. */
export function encodeParameters(parameters: Parameters): Json {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, encodeArray(Float32Array.from(values)) as never]),
  );
}

/**
 * @param lengths - what the network needs, by name
 * @throws FormatError where a parameter is missing, of another length, not finite, or not of this network
 */
export function decodeParameters(who: string, data: unknown, lengths: Readonly<Record<string, number>>): Parameters {
  const stored = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const surplus = Object.keys(stored).find((name) => !(name in lengths));
  if (surplus !== undefined) throw new FormatError(`${who}: weights "${surplus}" do not belong to this network`);
  return Object.fromEntries(
    Object.entries(lengths).map(([name, length]) => {
      if (stored[name] === undefined) {
        throw new FormatError(
          `${who}: weights "${name}" are missing; the others belong to another architecture, or the file is damaged`,
        );
      }
      const values = decodeArray(stored[name], "f32");
      checkParameter(who, name, values, length);
      return [name, values];
    }),
  );
}

/** @throws FormatError for another length, or numbers that are not finite */
export function checkParameter(who: string, name: string, values: Float32Array, length: number): void {
  if (values.length !== length) {
    throw new FormatError(
      `${who}: weights "${name}" hold ${values.length} numbers, this network needs ${length}; they belong to another architecture`,
    );
  }
  if (!values.every(Number.isFinite)) {
    throw new FormatError(`${who}: weights "${name}" hold numbers that are not finite; the file is damaged`);
  }
}
