/** Gathers the licence texts of the packages that end up in the bundle. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LICENSE_FILE = /^(licen[cs]e|copying|copyright|notice|third-?party-?notices)[^/]*$/i;
const RULE = "=".repeat(80);

// Packages published without a licence file, and the one of the same authors that has it.
const SAME_AUTHORS = {
  "@graphiql/plugin-doc-explorer": "graphiql",
  "@graphiql/plugin-explorer": "graphiql",
  "@graphiql/plugin-history": "graphiql",
  "react-compiler-runtime": "react",
  "react-remove-scroll-bar": "react-remove-scroll",
};

/**
 * The text of LICENSES.txt.
 *
 * @param {string} root folder that holds node_modules
 * @param {string[]} inputs bundled files, relative to root
 */
export function licenses(root, inputs) {
  const folders = new Set(inputs.map(packageFolder).filter(Boolean));
  // A package that is installed twice in one version counts once.
  const sections = new Set([...folders].map((folder) => section(root, folder)));
  return [
    "Questline's query editor bundles the packages below, each under its own licence.",
    ...[...sections].sort(),
  ].join(`\n\n${RULE}\n`);
}

/** "node_modules/a/node_modules/@b/c" for a file of @b/c; undefined for the recipe's own files. */
function packageFolder(path) {
  return path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0];
}

function section(root, folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(join(root, folder, "package.json"), "utf8"),
  );
  let texts = licenseTexts(join(root, folder));
  if (texts.length === 0 && name in SAME_AUTHORS) {
    texts = licenseTexts(join(root, "node_modules", SAME_AUTHORS[name]));
  }
  if (texts.length === 0) throw new Error(`${name} (${license}) carries no licence text`);
  return [`${name} ${version} (${license})`, ...texts].join("\n\n");
}

function licenseTexts(folder) {
  return readdirSync(folder)
    .filter((file) => LICENSE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
}
