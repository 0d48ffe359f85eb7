/** The code blocks of docs/clients.md as an application: taken out, generated, compiled, bundled. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { transformAsync } from "@babel/core";
import { build } from "esbuild";
import { BASE } from "./part.mjs";
import { QUESTLINE, ROOT } from "./service.mjs";

const run = promisify(execFile);
const TOOLS = fileURLToPath(new URL("..", import.meta.url));
const PAGE = join(ROOT, "docs/clients.md");
// The address that the page writes, and the service under test does not have.
const PRINTED = "http://127.0.0.1:8000";

const COMPILER = {
  strict: true,
  noUnusedLocals: true,
  noUncheckedIndexedAccess: true,
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
  types: [],
  noEmit: true,
  // Only what the page and the generators wrote is judged, not the libraries.
  skipLibCheck: true,
};

/** The page's blocks that are headed by a file name, as [name, text]. */
export function blocks() {
  const found = readFileSync(PAGE, "utf8").matchAll(
    /^\*\*`([\w./-]+)`\*\*\n\n```\w+\n(.*?)^```$/gms,
  );
  return [...found].map(([, name, text]) => [name, text.replaceAll(PRINTED, BASE)]);
}

/** How many code blocks of a programming language the page has in all. */
export function countBlocks() {
  return [...readFileSync(PAGE, "utf8").matchAll(/^```(?:ts|tsx|js|json|graphql)$/gm)].length;
}

/** Writes the page's files into a folder of the part's own, with the schema beside them. */
export async function writeApplication(name) {
  const folder = join(TOOLS, "build", name);
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of blocks()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER }));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  await run(QUESTLINE, ["schema", "export", "--out", join(folder, "schema.graphql")]);
  return folder;
}

/** Runs a tool of this folder's packages; its output is the error when it fails. */
export async function tool(name, args, cwd) {
  try {
    const { stdout, stderr } = await run(join(TOOLS, "node_modules/.bin", name), args, {
      cwd,
      env: { ...process.env, NO_COLOR: "1" },
    });
    return stdout + stderr;
  } catch (error) {
    throw new Error(`${name}: ${(error.stdout ?? "") + (error.stderr ?? error.message)}`);
  }
}

export const generate = (folder) => tool("graphql-codegen", ["--config", "codegen.ts"], folder);
export const compileRelay = (folder) => tool("relay-compiler", ["relay.config.json"], folder);
export const compile = (folder) => tool("tsc", ["--project", "."], folder);

/** Relay's own plugin replaces the tagged templates by the generated modules. */
const relayTemplates = {
  name: "relay",
  setup(builder) {
    builder.onLoad({ filter: /\/relay\/[^/]+\.ts$/ }, async ({ path }) => {
      const { code } = await transformAsync(readFileSync(path, "utf8"), {
        filename: path,
        babelrc: false,
        configFile: false,
        parserOpts: { plugins: ["typescript"] },
        plugins: [["relay", { eagerEsModules: true }]],
      });
      return { contents: code, loader: "ts" };
    });
  },
};

/** The exports of the named files of an application, bundled for Node without its packages. */
export async function load(folder, files) {
  const entry = files.map((file) => `export * from "./${file}";`).join("\n");
  const outfile = join(folder, "build", `${files[0].replace(/\W/g, "-")}.mjs`);
  await build({
    stdin: { contents: entry, resolveDir: folder, loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "silent",
    plugins: [relayTemplates],
  });
  return import(pathToFileURL(outfile).href);
}
