import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./runCli.ts";
import { workFolder } from "./workFolder.ts";

const data = process.env["MATERIOME_DATA"];

describe.skipIf(data === undefined)("NIST grain size micrographs (needs MATERIOME_DATA)", () => {
  it("the etched steel has a mean intercept of 8.3 to 9.9 µm", async () => {
    const image = join(
      data ?? "",
      "nist-grain-size-micrographs/ex_segmentation/optical_etched/grain_structures_steel.tif",
    );
    const { code, stdout, stderr } = await runCli(
      ["digitize", image, "--pixel-size", "0.22523", "--out", "out", "--json"],
      {
        cwd: await workFolder(),
      },
    );
    expect(code, stderr).toBe(0);
    // By ASTM E112 NIST's own mask gives 8.89 µm horizontally and 9.46 µm vertically.
    const { meanInterceptUm } = JSON.parse(stdout).images[0];
    expect(meanInterceptUm).toBeGreaterThan(8.3);
    expect(meanInterceptUm).toBeLessThan(9.9);
  });
});
