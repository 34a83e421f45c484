/** Imports a module in a chunk of its own. Rejects with a Failure. The build makes this function (chunk-imports.ts). */
declare module '*?chunk' {
  const load: () => Promise<unknown>;
  export default load;
}
