import { cannotWrite, createRandom, DataError } from "@materiome/core";

export function square(x: number): number {
  return x * x;
}

export function draw(key: string): number {
  return createRandom(key).next();
}

/** Mean of many normals: long enough that tasks overlap. */
export function meanNormal(key: string): number {
  const random = createRandom(key);
  let sum = 0;
  for (let i = 0; i < 20_000; i++) sum += random.normal();
  return sum / 20_000;
}

export function fail(x: number): number {
  if (x === 2) throw new DataError("two is not allowed", { location: { file: "numbers.csv", row: 3 } });
  return x;
}

/** Fails as writing does on a full disk. */
export function fillDisk(path: string): void {
  const cause = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", errno: -28 });
  throw cannotWrite(path, cause);
}

export async function slow(ms: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms;
}

/** A loop that no signal reaches; tells through shared memory that it runs. */
export function spin(ticks: Int32Array): number {
  for (;;) Atomics.add(ticks, 0, 1);
}

/** Fails once the other task runs, or runs for ever. */
export function spinOrFail({ ticks, fail }: { readonly ticks: Int32Array; readonly fail?: boolean }): number {
  if (fail !== true) return spin(ticks);
  while (Atomics.load(ticks, 0) === 0) Atomics.wait(ticks, 0, 0, 10);
  throw new Error("failed on purpose");
}

/** Writes into its own place of a shared array. */
export function fillShared({ shared, at }: { readonly shared: Float64Array; readonly at: number }): void {
  shared[at] = at * at;
}

/** Takes its whole thread down with it. */
export function crash(x: number): number {
  if (x === 1) process.exit(7);
  return x;
}

export const notAFunction = 5;
