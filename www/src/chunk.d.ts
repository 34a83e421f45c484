/** The URL of a module in a chunk of its own; the build makes it (vite.config.ts). */
declare module '*?chunk' {
  const url: string;
  export default url;
}
