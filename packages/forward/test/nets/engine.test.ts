import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { IncompatibleError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/nets/engine.ts";

const run = promisify(execFile);
const hook = fileURLToPath(new URL("../../../../tools/testing/register-typescript.mjs", import.meta.url));

const engine = new URL("../../src/nets/engine.ts", import.meta.url).href;

async function inAnotherProcess(source: string): Promise<string> {
  const flags = ["--import", hook, "--conditions=@materiome/source", "--input-type=module", "--eval"];
  const { stdout, stderr } = await run(process.execPath, [...flags, source], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
  expect(stderr).toBe("");
  return stdout.trim();
}

describe("openEngine", () => {
  it("computes with WebAssembly unless asked otherwise, and says so", async () => {
    const opened = await openEngine();
    expect(opened).toMatchObject({ backend: "wasm", version: "4.22.0" });
    expect(await openEngine("wasm")).toBe(opened);
  });

  it("keeps to one backend per process", async () => {
    await openEngine();
    await expect(openEngine("cpu")).rejects.toThrow(IncompatibleError);
  });

  it("names the remedy where tfjs-node is not installed, and goes on with wasm; plain loops print nothing", async () => {
    const printed = await inAnotherProcess(`
      const { openEngine } = await import(${JSON.stringify(engine)});
      const said = await openEngine("node").catch((error) => error);
      const { tf, backend } = await openEngine("cpu");
      console.log(JSON.stringify([said.code, said.message, backend, [...tf.add([1, 2], [3, 4]).dataSync()]]));
    `);
    const [code, message, backend, sum] = JSON.parse(printed);
    expect(code).toBe("INCOMPATIBLE");
    expect(message).toMatch(/npm install @tensorflow\/tfjs-node@4\.22\.0/);
    expect([backend, sum]).toEqual(["cpu", [4, 6]]);
  });

  it("is not loaded by the entries before a network is asked for", async () => {
    const printed = await inAnotherProcess(`
      import { createRequire } from "node:module";
      const { cache } = createRequire(import.meta.url);
      const loaded = () => Object.keys(cache).filter((file) => file.includes("tfjs-core")).length;
      const forward = await import("@materiome/forward");
      const nets = await import("@materiome/forward/nets");
      const before = loaded();
      await (await import(${JSON.stringify(engine)})).openEngine();
      console.log(JSON.stringify([forward.reader.types.includes("materiome/unet-segmenter"), nets.NET_BACKENDS, before, loaded() > 0]));
    `);
    expect(JSON.parse(printed)).toEqual([true, ["wasm", "node", "cpu"], 0, true]);
  });
});
