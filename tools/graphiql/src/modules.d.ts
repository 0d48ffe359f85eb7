/** Imports that the bundler understands and the type checker does not. */
declare module "*.css";
declare module "*.svg" {
  const url: string;
  export default url;
}
declare module "monaco-graphql/esm/monaco-editor.js";
