/** graphql-codegen's client preset and `tsc --strict` over it and over every block of the page. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { BASE, check, finish, note } from "../lib/part.mjs";
import {
  blocks,
  compile,
  compileRelay,
  countBlocks,
  generate,
  writeApplication,
} from "../lib/page.mjs";
import { QUESTLINE } from "../lib/service.mjs";

const folder = await writeApplication("codegen");

await check("every block of docs/clients.md has a file name", async () => {
  assert.equal(blocks().length, countBlocks());
});

await check("/schema.graphql is the exported schema", async () => {
  const response = await fetch(`${BASE}/schema.graphql`);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), readFileSync(join(folder, "schema.graphql"), "utf8"));
});

await check("client preset", () => generate(folder));
await check("relay-compiler", () => compileRelay(folder));
await check("tsc --strict over the generated code and the page's blocks", () => compile(folder));

await check("the generated documents can be registered as trusted ones", async () => {
  const manifest = join(folder, "trusted.json");
  execFileSync(QUESTLINE, ["documents", "register", join(folder, "gql"), "--out", manifest], {
    stdio: "pipe",
  });
  const { documents } = JSON.parse(readFileSync(manifest, "utf8"));
  const generated = JSON.parse(readFileSync(join(folder, "gql/persisted-documents.json"), "utf8"));
  const hashes = Object.keys(generated).map((id) => id.replace(/^sha256:/, ""));
  assert.deepEqual(Object.keys(documents).sort(), hashes.sort());
});

note(`${blocks().length} blocks of docs/clients.md compiled`);
finish();
