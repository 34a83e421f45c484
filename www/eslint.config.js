import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'pkg', 'node_modules', 'test-results'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.config.js', 'examples/*/*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Failures come from the worker as plain objects, see engine/contract.ts.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
    },
  },
  {
    files: ['*.config.js', 'examples/**/*.js'],
    ...tseslint.configs.disableTypeChecked,
  },
);
