/** In the place of a package's files: asks the environment (`environment.js`) for what was loaded before. */
module.exports = {
  process: (_, path) => ({ code: `module.exports = globalThis.requireOnce(${JSON.stringify(path)});` }),
  getCacheKey: (_, path) => `once ${path}`,
};
