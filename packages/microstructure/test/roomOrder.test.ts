import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const source = fileURLToPath(new URL("../src", import.meta.url));
const architecture = readFileSync(new URL("../../../docs/architecture.md", import.meta.url), "utf8");

/** Rooms of the table in docs/architecture.md, from the ground up; a row may name several. */
const order = [
  ...architecture.slice(architecture.indexOf("| room of microstructure |")).matchAll(/^\| (`.+?`) \|/gm),
].flatMap(([, names]) => [...names.matchAll(/`(\w+)`/g)].map(([, room]) => room));

const imports = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => {
    const [room, ...rest] = file.split(/[\\/]/);
    if (rest.length === 0) return [];
    const text = readFileSync(join(source, file), "utf8");
    return [...text.matchAll(/from "\.\.\/(\w+)\//g)].map(([, used]) => ({ room, file, used }));
  });

describe("rooms of the package", () => {
  it("are all in the table of the architecture", () => {
    const rooms = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect([...order].sort()).toEqual(rooms.map(({ name }) => name).sort());
  });

  it("import only those above them in it", () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter(({ room, used }) => order.indexOf(used) >= order.indexOf(room))).toEqual([]);
  });
});
