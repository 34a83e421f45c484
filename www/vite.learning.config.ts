/** Builds the script of the page in a content package (src/learning); pkg-scripts/package-scorm puts the package together. */
import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  base: './',
  build: {
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      input: { learning: 'src/learning/learning.ts' },
      output: { entryFileNames: '[name].js', codeSplitting: false },
    },
  },
});
