import { readdirSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("../../../src/numerics/wasm/", import.meta.url);
const script = new URL("../../../scripts/buildWasm.mjs", import.meta.url).href;
const { default: buildWasm } = (await import(script)) as { default: () => void };

describe("the build of the WebAssembly modules", () => {
  const compiled = (): string[] => readdirSync(folder).filter((file) => file.endsWith(".wasm.ts"));
  const writtenAt = (): number[] => compiled().map((file) => statSync(new URL(file, folder)).mtimeMs);

  it("has run before the tests, for each source", () => {
    const sources = readdirSync(new URL("../../../assembly/", import.meta.url));
    expect(compiled()).toEqual(
      sources.filter((file) => file.endsWith(".ts")).map((file) => file.replace(/\.ts$/, ".wasm.ts")),
    );
  });

  it("writes nothing where the sources are as they were", () => {
    const before = writtenAt();
    buildWasm();
    expect(writtenAt()).toEqual(before);
  });
});
