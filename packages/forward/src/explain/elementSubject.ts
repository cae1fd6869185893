import {
  createTextColumn,
  deriveColumn,
  IncompatibleError,
  type Table,
  type TargetInfo,
  takeTableRows,
} from "@materiome/core";
import { atomicFractions, compositionsOf } from "@materiome/core/composition";
import type { PooledTable } from "./pooledTable.ts";
import type { ExplainRun, Setting, WideSubject } from "./subject.ts";

/** Rows beside a model as a function of the amounts of the elements in one column of compositions. */
export interface ElementSubject {
  /** Name of the column. */
  readonly input: string;
  /** Its inputs are the elements, atomic percent; NaN where a row has no composition. */
  readonly subject: WideSubject;
  /** Rows of the table and of training, of at least two elements: the others cannot be scaled where there are none. */
  readonly rows: Int32Array;
  readonly training: Int32Array;
}

/** What is asked with other compositions. */
export interface ElementQuestion {
  readonly target: TargetInfo;
  readonly nOutputs: number;
  /** [rows, nOutputs] */
  predict(rows: Table, run?: ExplainRun): Promise<Float64Array>;
}

/** One for each input column of formulas or of grades, which stand for their nominal composition. */
export function elementSubjects(pooled: PooledTable, question: ElementQuestion): ElementSubject[] {
  return pooled.table.columns.flatMap(({ name, kind }) => {
    if (kind !== "formula" && kind !== "grade") return [];
    const subject = subjectOf(pooled, name, kind === "formula" ? formulaText : designationText, question);
    const isMixed = (i: number): boolean =>
      subject.inputs.filter(({ values }) => (values?.[i] as number) > 0).length > 1;
    return [{ input: name, subject, rows: pooled.rows.filter(isMixed), training: pooled.training.filter(isMixed) }];
  });
}

type TextOf = (elements: readonly string[], amounts: readonly number[]) => string;

function subjectOf(pooled: PooledTable, input: string, textOf: TextOf, question: ElementQuestion): WideSubject {
  const { target, nOutputs, predict } = question;
  const column = pooled.table.column(input);
  const shares = compositionsOf(pooled.table, column).map((one) => (one === undefined ? one : atomicFractions(one)));
  const elements = [...new Set(shares.flatMap((one) => [...(one?.keys() ?? [])]))];
  const values = elements.map((element) =>
    Float64Array.from(shares, (one) => (one === undefined ? Number.NaN : 100 * (one.get(element) ?? 0))),
  );
  const set = async (rows: Int32Array, settings: readonly Setting[], run?: ExplainRun): Promise<Float64Array> => {
    const texts = Array.from(rows, (row, k) => {
      const given = new Map(settings.map(({ input: e, values: own }) => [e, own[k] as number])); // one for each row
      const own = values.map((amounts) => amounts[row] as number); // a row
      let free = 100;
      for (const amount of given.values()) free -= amount;
      const rest = own.reduce((sum, amount, e) => sum + (given.has(e) ? 0 : amount), 0);
      const amounts = own.map((amount, e) => given.get(e) ?? (amount * free) / rest);
      return textOf(elements, amounts);
    });
    const { role, unit, kind } = column;
    const asked = takeTableRows(pooled.table, rows);
    return predict(
      deriveColumn(asked, createTextColumn(input, texts, { role, unit, kind: kind as "formula" | "grade" })),
      run,
    );
  };
  return {
    target,
    inputs: elements.map((name, e) => ({ name, unit: "at%", values: values[e], texts: undefined })),
    nRows: pooled.nRows,
    nOutputs,
    set,
    mix: async () => {
      throw new IncompatibleError("elementEffects: amounts of one alloy are not mixed with those of another");
    },
  };
}

/** Ten decimals: `1e-7` in a formula is no number. */
const DECIMALS = 10;

function formulaText(elements: readonly string[], amounts: readonly number[]): string {
  return elements
    .flatMap((element, e) => {
      const amount = (amounts[e] as number).toFixed(DECIMALS); // one each
      return Number(amount) > 0 ? [`${element}${amount}`] : [];
    })
    .join("");
}

/** A designation that states its amounts, as a column of grades takes: `80Fe-18Cr-2Mo at%`, zeros and all. */
function designationText(elements: readonly string[], amounts: readonly number[]): string {
  return `${elements.map((element, e) => `${(amounts[e] as number).toFixed(DECIMALS)}${element}`).join("-")} at%`; // one each
}
