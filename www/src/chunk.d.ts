/** Imports a module in a chunk of its own. Rejects with a Failure. The build makes this function (chunk-imports.ts). */
declare module '*?chunk' {
  const load: () => Promise<unknown>;
  export default load;
}

/** The SHA-256 of a file in hexadecimal. The build makes it (hash-imports.ts). */
declare module '*?sha256' {
  const hash: string;
  export default hash;
}
