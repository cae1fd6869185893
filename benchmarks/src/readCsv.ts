import { spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createRandom, readTableFile } from "@materiome/core";
import { median } from "./averages.ts";
import { isMain, numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { listNumbers } from "./listNumbers.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

export interface ReadCsvBenchmarkOptions {
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  readonly repeats?: number | undefined;
  readonly seed?: number | undefined;
  /** Significant digits of the numbers; 17 writes every double as it is. */
  readonly digits?: number | undefined;
}

export interface ReadCsvBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "readCsv";
  readonly metric: "seconds to a table";
  readonly value: number;
  readonly seconds: { readonly ours: readonly number[]; readonly peer: readonly number[] };
  readonly baseline: readonly { readonly name: string; readonly value: number }[];
  /** Median of ours over median of pandas'; null where that is not installed. */
  readonly ratio: number | null;
  /** Most memory a fresh process held, in MB, program included. */
  readonly peakMb: { readonly ours: number; readonly peer: number | null };
  /** Sum of all numbers: equal up to rounding if both read the same. */
  readonly sum: { readonly ours: number; readonly peer: number | null };
  readonly size: { readonly rows: number; readonly columns: number; readonly mb: number; readonly digits: number };
  readonly seed: number;
}

interface Run {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly rows: number;
  readonly sum: number;
}

interface Peer extends Run {
  readonly pandas: string;
  readonly numpy: string;
}

/** Each repeat reads the same file in a fresh process of ours and of Python's, in turn. */
export async function benchmarkReadCsv(options: ReadCsvBenchmarkOptions = {}): Promise<ReadCsvBenchmark> {
  const { rows = 1_000_000, columns = 20, repeats = 3, seed = 1, digits = 8 } = options;
  const folder = mkdtempSync(join(tmpdir(), "materiome-csv-"));
  const file = join(folder, "rows.csv");
  const ours: Run[] = [];
  const peers: Peer[] = [];
  let mb = 0;
  try {
    await writeRows(file, rows, columns, digits, seed);
    mb = statSync(file).size / 1e6;
    for (let k = 0; k < repeats; k++) {
      ours.push(readInProcess(file));
      const peer = pythonPeer<Peer>("./readCsv_peer.py", [file]);
      if (peer !== undefined) peers.push(peer);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const run of [...ours, ...peers]) {
    if (run.rows !== rows) throw new Error(`read ${run.rows} rows of ${rows}`);
  }
  const [peer] = peers;
  const value = median(ours.map((run) => run.seconds));
  const peerValue = median(peers.map((run) => run.seconds));
  return {
    suite: "speed",
    case: "readCsv",
    metric: "seconds to a table",
    value,
    seconds: { ours: ours.map((run) => run.seconds), peer: peers.map((run) => run.seconds) },
    baseline: peer === undefined ? [] : [{ name: "pandas.read_csv, C engine", value: peerValue }],
    ratio: peer === undefined ? null : value / peerValue,
    peakMb: {
      ours: Math.max(...ours.map((run) => run.peakBytes)) / 1e6,
      peer: peer === undefined ? null : Math.max(...peers.map((run) => run.peakBytes)) / 1e6,
    },
    sum: { ours: ours[0]?.sum ?? Number.NaN, peer: peer?.sum ?? null },
    size: { rows, columns, mb, digits },
    seed,
    ...provenance(peer === undefined ? {} : { pandas: peer.pandas, numpy: peer.numpy }),
  };
}

/** A heat, a route, some counts, and otherwise measured numbers with a few values missing. */
async function writeRows(file: string, rows: number, columns: number, digits: number, seed: number): Promise<void> {
  const random = createRandom(seed).fork("csv");
  const stream = createWriteStream(file);
  const numbers = columns - 3;
  const names = Array.from({ length: numbers }, (_, c) => `x${c} (MPa)`);
  stream.write(`heat,route,passes,${names.join(",")}\n`);
  const routes = ["cast", "hot rolled", "cold rolled", "forged", '"normalized, tempered"'];
  const text = digits >= 17 ? String : (value: number): string => String(Number(value.toPrecision(digits)));
  let lines: string[] = [];
  for (let i = 0; i < rows; i++) {
    const cells = [`H${random.int(5000)}`, routes[random.int(routes.length)] ?? "", String(random.int(12))];
    for (let c = 0; c < numbers; c++) cells.push(random.int(100) === 0 ? "" : text(400 + 100 * random.normal()));
    lines.push(cells.join(","));
    if (lines.length === 10_000 || i === rows - 1) {
      const isRoom = stream.write(`${lines.join("\n")}\n`);
      lines = [];
      if (!isRoom) await new Promise<void>((resolve) => stream.once("drain", resolve));
    }
  }
  stream.end();
  await finished(stream);
}

function readInProcess(file: string): Run {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), "--read", file];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Run;
}

async function readOnce(file: string): Promise<Run> {
  const started = performance.now();
  const table = await readTableFile(file);
  const seconds = (performance.now() - started) / 1000;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  let sum = 0;
  for (const column of table.columns) {
    if (column.kind !== "number") continue;
    for (const value of column.values) if (!Number.isNaN(value)) sum += value;
  }
  return { seconds, peakBytes, rows: table.nRows, sum };
}

function print({ size, seconds, peakMb, ratio, sum, ...rest }: ReadCsvBenchmark): void {
  console.log(`CSV of ${size.rows} × ${size.columns}, ${size.mb.toFixed(0)} MB, ${size.digits} digits`);
  console.log(`  ours    ${listNumbers(seconds.ours, 2)} s, peak ${peakMb.ours.toFixed(0)} MB`);
  console.log(
    peakMb.peer === null
      ? "  pandas  absent: no ratio"
      : `  pandas  ${listNumbers(seconds.peer, 2)} s, peak ${peakMb.peer.toFixed(0)} MB`,
  );
  if (ratio !== null) console.log(`  ratio of medians ${ratio.toFixed(3)}`);
  console.log(`  sums ${sum.ours} and ${sum.peer}`);
  console.log(`  ${provenanceLine(rest)}`);
}

/** Set in the fresh process that {@link readInProcess} starts. */
const fileToRead = isMain(import.meta.url) ? textOption("read") : undefined;
if (fileToRead !== undefined) {
  console.log(JSON.stringify(await readOnce(fileToRead)));
} else {
  await runAsCommand(
    import.meta.url,
    () => benchmarkReadCsv(numberOptions(["rows", "columns", "repeats", "seed", "digits"])),
    print,
  );
}
