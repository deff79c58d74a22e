const { TestEnvironment } = require('jest-environment-node');

/**
 * The packages that `once.js` names are loaded once in a worker and not once in a test file: to compile the AWS SDK and the
 * CDK anew for every file took a sixth of the whole run. They live outside of a test's own realm, so what they and our code
 * tell apart by `instanceof` has to be the same on both sides, and so has the environment that they read.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.before = { ...process.env };
    Object.assign(this.global, { Date, Error, Map, Promise, Set, requireOnce: require });
    for (const name of ['EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']) {
      Object.setPrototypeOf(this.global[name].prototype, Error.prototype);
    }
    this.global.process.env = process.env;
  }

  async teardown() {
    for (const name of Object.keys(process.env)) {
      delete process.env[name];
    }
    Object.assign(process.env, this.before);
    await super.teardown();
  }
};
