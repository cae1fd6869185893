import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { columnTexts, createMatrix, createRandom, readTable } from "@materiome/core";
import { createResidualLearner, createRidge } from "@materiome/forward";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMetadata } from "../../../forward/test/onnx/readMetadata.ts";
import { relativeDifference, runOnnx } from "../../../forward/test/onnx/runOnnx.ts";
import { runCli } from "./runCli.ts";
import { trainAlloys } from "./trainedModel.ts";
import { filesIn, newFolder, removeFolder, workFolder } from "./workFolder.ts";

let trained: string;
let model: string;

beforeAll(async () => {
  trained = await newFolder();
  model = join(trained, "model");
  await trainAlloys(trained);
});
afterAll(() => removeFolder(trained));

/** Runs NAME.onnx on the features of NAME.check.csv: largest relative difference from the predictions beside them. */
async function differenceFromCheck(cwd: string, name: string, precision: "float64" | "float32"): Promise<number> {
  const table = readTable(await readFile(join(cwd, `${name}.check.csv`), "utf8"));
  const values = table.columns.map((column) => table.number(column.name).values);
  const d = values.length - 1;
  const data = Float64Array.from({ length: table.nRows * d }, (_, at) => values[at % d][Math.floor(at / d)]);
  const x = createMatrix(table.nRows, d, data);
  const { prediction } = await runOnnx(await readFile(join(cwd, `${name}.onnx`)), x, precision);
  return relativeDifference(prediction.data, values[d]);
}

describe("materiome export", () => {
  it("says what the file takes, and onnxruntime gives the predictions of --check", async () => {
    const cwd = await workFolder();
    const args = ["--onnx", "yield.onnx", "--precision", "float32", "--check", join(trained, "alloys.csv")];
    const { code, stdout, stderr } = await runCli(["export", model, ...args], { cwd });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/0 +C +wt%\n1 +Tempering temperature +K\n/);
    expect(stdout).toContain("takes these 4 numbers a row (float32), which materiome makes of the columns of a table");
    expect(await filesIn(cwd)).toEqual(["yield.check.csv", "yield.onnx"]);
    expect(await differenceFromCheck(cwd, "yield", "float32")).toBeLessThan(1e-6);
  });

  it("writes a model of classes with label and probabilities, as predict gives them", async () => {
    const cwd = await workFolder();
    const rows = Array.from({ length: 60 }, (_, i) => {
      const [carbon, chromium] = [(i * 37) % 60, (i * 23) % 60];
      return `${carbon / 60},${chromium / 4},${carbon > 2 * chromium ? "martensite" : chromium > 40 ? "ferrite" : "bainite"}`;
    });
    await writeFile(join(cwd, "phases.csv"), ["C,Cr,Phase", ...rows].join("\n"));
    const trained = await runCli(["train", "phases.csv", "--target", "Phase", "--model", "forest", "--out", "m"], {
      cwd,
    });
    expect(trained.code, trained.stderr).toBe(0);
    const args = ["m", "--onnx", "phase.onnx", "--check", "phases.csv"];
    const { code, stdout, stderr } = await runCli(["export", ...args], { cwd });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("the file gives the label and the probabilities, without set and domain");
    const check = readTable(await readFile(join(cwd, "phase.check.csv"), "utf8"));
    const names = ["C", "Cr"];
    const columns = names.map((name) => check.number(name).values);
    const data = Float64Array.from({ length: 120 }, (_, at) => columns[at % 2]?.[at >> 1] ?? Number.NaN);
    const found = await runOnnx(await readFile(join(cwd, "phase.onnx")), createMatrix(60, 2, data));
    const labels = columnTexts(check.column("prediction"));
    expect(found["label"].data).toEqual(labels);
    expect(new Set(labels).size).toBe(3);
    const predicted = await runCli(["predict", "m", "phases.csv", "--out", "p.csv"], { cwd });
    expect(predicted.code, predicted.stderr).toBe(0);
    const table = readTable(await readFile(join(cwd, "p.csv"), "utf8"));
    for (const [c, label] of ["bainite", "ferrite", "martensite"].entries()) {
      const own = found["probabilities"].data.filter((_, at) => at % 3 === c);
      expect(relativeDifference(own, check.number(`probability ${label}`).values)).toBeLessThan(1e-6);
      expect(relativeDifference(own, table.number(`probability ${label}`).values)).toBeLessThan(1e-6);
    }
  });

  it("--json tells features and origin, which the file holds too", async () => {
    const cwd = await workFolder();
    const args = ["--onnx", "m.onnx", "--check", join(trained, "alloys.csv"), "--json"];
    const { code, stdout, stderr } = await runCli(["export", join(model, "model.json"), ...args], { cwd });
    expect(code, stderr).toBe(0);
    const said = JSON.parse(stdout);
    const bytes = await readFile(join(cwd, "m.onnx"));
    const metadata = readMetadata(bytes);
    const metrics = JSON.parse(await readFile(join(model, "metrics.json"), "utf8"));
    const hash = createHash("sha256")
      .update(await readFile(join(model, "model.json")))
      .digest("hex");
    const expected = { onnx: "m.onnx", bytes: bytes.length, precision: "float64", check: "m.check.csv" };
    expect(said).toMatchObject({ ...expected, modelSha256: hash });
    expect(said.features).toEqual(JSON.parse(metadata["features"]));
    expect(metadata).toMatchObject({
      modelSha256: hash,
      dataSha256: metrics.dataSha256,
      seed: String(metrics.seed),
      trainedWith: JSON.stringify(metrics.versions),
      learner: "ridge",
    });
    expect(JSON.parse(metadata["targets"])).toEqual([{ name: "Yield strength", unit: "MPa" }]);
    expect(await differenceFromCheck(cwd, "m", "float64")).toBeLessThan(1e-12);
  });

  it("takes a model away from its folder, and a bare learner, which no table can check", async () => {
    const cwd = await workFolder();
    const stored = JSON.parse(await readFile(join(model, "model.json"), "utf8"));
    await writeFile(join(cwd, "bare.json"), JSON.stringify(stored.state.models[0]));
    const plain = await runCli(["export", "bare.json", "--onnx", "bare.onnx", "--json"], { cwd });
    expect(plain.code, plain.stderr).toBe(0);
    expect(JSON.parse(plain.stdout).features).toHaveLength(4);
    const checked = await runCli(["export", "bare.json", "--onnx", "b.onnx", "--check", join(trained, "alloys.csv")], {
      cwd,
    });
    expect(checked.code).toBe(2);
    expect(checked.stderr).toContain("a bare learner knows no table");
    expect(await filesIn(cwd)).toEqual(["bare.json", "bare.onnx"]);
  });

  it("refuses what the format cannot say, naming the file and the part", async () => {
    const cwd = await workFolder();
    const stored = JSON.parse(await readFile(join(model, "model.json"), "utf8"));
    const { features } = stored.state.models[0].params;
    const x = {
      ...createMatrix(
        6,
        4,
        Float64Array.from({ length: 24 }, (_, at) => (at * 7) % 11),
      ),
      features,
    };
    const y = {
      kind: "regression",
      values: createMatrix(6, 1, Float64Array.of(1, 3, 2, 5, 4, 6)),
      units: ["MPa"],
    } as const;
    const parameters = { base: { start: 3, unit: "MPa" } };
    const learner = createResidualLearner({ law: "base", parameters, learner: createRidge({ alpha: 1 }) });
    const residual = await learner.fit(x, y, { random: createRandom(1) });
    const { predictor } = residual.toJSON().state as { readonly predictor: unknown };
    stored.state.models[0].state.predictor = predictor;
    await writeFile(join(cwd, "law.json"), JSON.stringify(stored));
    const { code, stderr } = await runCli(["export", "law.json", "--onnx", "n.onnx"], { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(/law\.json: .*physical law/);
    expect(await filesIn(cwd)).toEqual(["law.json"]);
  });
});
