const { join } = require('node:path');

module.exports = {
  mode: 'production',
  entry: './main.js',
  output: { path: join(__dirname, 'public') },
  devServer: { static: 'public' },
  performance: { hints: false },
};
