import type { TableModel } from "@materiome/core";
import { DEMO } from "./plan.ts";
import { processTable } from "./runDemo.ts";

/** Predicted strength over furnace temperature and time, and the settings where it is just what is wanted. */
export interface ProcessMap {
  readonly temperatureEdgesC: readonly number[];
  readonly timeEdgesMin: readonly number[];
  /** MPa, row-major from the shortest time. */
  readonly strengthsMPa: readonly number[];
  /** One temperature per time at which the predicted strength is the wanted one, where there is one. */
  readonly curve: { readonly temperaturesC: readonly number[]; readonly timesMin: readonly number[] };
}

const N_TEMPERATURES = 40;
const N_TIMES = 36;

/** Predicts the map of a property model for one starting material. */
export async function processMap(chain: TableModel, startUm: number): Promise<ProcessMap> {
  const [coldest, hottest] = [DEMO.temperaturesC[0] - 10, (DEMO.temperaturesC.at(-1) ?? 0) + 10];
  const [shortest, longest] = [15, 300];
  const temperatureEdgesC = Array.from(
    { length: N_TEMPERATURES + 1 },
    (_, i) => coldest + (i / N_TEMPERATURES) * (hottest - coldest),
  );
  const timeEdgesMin = Array.from({ length: N_TIMES + 1 }, (_, i) => shortest * (longest / shortest) ** (i / N_TIMES));
  const temperatures = middles(temperatureEdgesC);
  const times = middles(timeEdgesMin);
  const rows = times.flatMap((timeMin) => temperatures.map((temperatureC) => ({ temperatureC, timeMin, startUm })));
  const { mean } = await chain.predict(processTable(rows));
  const strengthsMPa = Array.from(mean.data);
  const curve = { temperaturesC: [] as number[], timesMin: [] as number[] };
  for (const [j, timeMin] of times.entries()) {
    const row = strengthsMPa.slice(j * N_TEMPERATURES, (j + 1) * N_TEMPERATURES);
    const crossing = firstCrossing(temperatures, row, DEMO.wanted.strengthMPa);
    if (crossing === undefined) continue;
    curve.temperaturesC.push(crossing);
    curve.timesMin.push(timeMin);
  }
  return { temperatureEdgesC, timeEdgesMin, strengthsMPa, curve };
}

function middles(edges: readonly number[]): number[] {
  return edges.slice(1).map((edge, i) => (edge + (edges[i] ?? edge)) / 2);
}

/** Where values first pass the level, by linear interpolation. */
function firstCrossing(x: readonly number[], values: readonly number[], level: number): number | undefined {
  for (let i = 1; i < values.length; i++) {
    const before = (values[i - 1] ?? Number.NaN) - level;
    const after = (values[i] ?? Number.NaN) - level;
    const [from, to] = [x[i - 1], x[i]];
    if (before * after <= 0 && before !== after && from !== undefined && to !== undefined) {
      return from + (to - from) * (before / (before - after));
    }
  }
  return undefined;
}
