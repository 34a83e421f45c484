module.exports = {
  mode: 'production',
  entry: './main.js',
  devServer: { static: 'dist', client: { overlay: false } },
  performance: { hints: false },
};
