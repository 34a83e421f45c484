/** Makes dist/custom-elements.json from the doc block of the element, with its public members only. */
function publicOnly() {
  return {
    name: 'public-only',
    packageLinkPhase({ customElementsManifest }) {
      for (const module of customElementsManifest.modules) {
        module.path = 'sales-mirror.js';
        module.declarations = module.declarations.filter(({ name }) => name === 'SalesMirror');
        module.exports = module.exports.filter(({ name }) => name === 'SalesMirror');
        for (const element of module.declarations) {
          element.tagName = 'sales-mirror';
          element.customElement = true;
          element.members = element.members.filter(
            ({ name, privacy }) => privacy !== 'private' && !/Callback$/.test(name),
          );
          const fields = new Set(element.members.map(({ name }) => name));
          element.attributes = element.attributes.filter(
            ({ name, fieldName }) => fields.has(fieldName ?? name) || name.includes('-'),
          );
          element.events = element.events.filter(({ name }) => name);
        }
      }
    },
  };
}

export default {
  globs: ['src/sales-mirror/sales-mirror.ts'],
  outdir: 'dist',
  litelement: true,
  plugins: [publicOnly()],
};
