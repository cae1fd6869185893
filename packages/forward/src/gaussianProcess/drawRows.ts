import { type Random, shuffle, takeRows } from "@materiome/core";
import type { LikelihoodData } from "./likelihood.ts";

/** At least so many rows, drawn as whole groups where there are groups, in their order; all where there are no more. */
export function drawRows(data: LikelihoodData, atLeast: number, random: Random): LikelihoodData {
  const { x, y, noiseVariance, groups } = data;
  if (x.rows <= atLeast) return data;
  const members = new Map<number, number[]>();
  for (let i = 0; i < x.rows; i++) {
    const group = groups?.[i] ?? i;
    const own = members.get(group);
    if (own === undefined) members.set(group, [i]);
    else own.push(i);
  }
  const all = [...members.values()];
  const drawn: number[] = [];
  for (const g of shuffle(all.length, random)) {
    if (drawn.length >= atLeast) break;
    drawn.push(...(all[g] as number[])); // g < length
  }
  const rows = Int32Array.from(drawn).sort();
  const take = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i] as number); // rows of these
  return {
    ...data,
    x: takeRows(x, rows),
    y: take(y),
    noiseVariance: noiseVariance === undefined ? undefined : take(noiseVariance),
    groups: groups === undefined ? undefined : Int32Array.from(rows, (i) => groups[i] as number),
  };
}
