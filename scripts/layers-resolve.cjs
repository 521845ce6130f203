const { join } = require('node:path');

const root = join(__dirname, '..');
const layers = ['config', 'services', 'utils', 'src'];

/** How the layer check finds a module: package.json would send `#…` imports to dist/, we want their sources. */
module.exports = {
  resolve: {
    importsFields: [],
    alias: Object.fromEntries(layers.map((layer) => [`#${layer}`, join(root, layer)])),
    extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
    extensions: ['.ts', '.tsx', '.js'],
  },
};
