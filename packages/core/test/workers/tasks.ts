import { createRandom, DataError } from "@materiome/core";

export function square(x: number): number {
  return x * x;
}

export function draw(key: string): number {
  return createRandom(key).next();
}

export function fail(x: number): number {
  if (x === 2) throw new DataError("two is not allowed", { location: { file: "numbers.csv", row: 3 } });
  return x;
}

export async function slow(ms: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms;
}
