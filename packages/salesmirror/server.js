/**
 * What `import 'salesmirror'` is on a server, which has no elements: it defines nothing, so that pages can be rendered there.
 * To assess texts on a server, import `salesmirror/node`.
 */
export class SalesMirror {}
