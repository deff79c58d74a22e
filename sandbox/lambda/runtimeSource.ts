/**
 * The program of the child process in which a function runs. A string, so that it travels inside a bundle.
 * It gets invocations from its parent over Node's IPC channel and answers there; the console goes the same way, so
 * that log lines keep their order before the answer.
 */
export const runtimeSource = String.raw`'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { format } = require('node:util');
const { pathToFileURL } = require('node:url');

const root = process.env.LAMBDA_TASK_ROOT;
const json = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
let requestId;
process.chdir(root);
process.on('disconnect', () => process.exit(0));

// Slack stands here, too: its names lead to it, so that no trial speaks in a real workspace.
const outside = globalThis.fetch;
const address = (written) => String(written).replace(/^https:\/\/(?:hooks\.)?slack\.com\//, process.env.AWS_ENDPOINT_URL + '/_slack/');
globalThis.fetch = (resource, init) =>
  outside(typeof resource === 'string' || resource instanceof URL ? address(resource) : resource, init);

const levels = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE' };
for (const [method, level] of Object.entries(levels)) {
  console[method] = (...args) => {
    const time = new Date().toISOString();
    if (!json) {
      return void process.send({ log: [time, requestId, level, format(...args)].join('\t') });
    }
    const message = args.length === 1 && typeof args[0] === 'object' && !(args[0] instanceof Error) ? args[0] : format(...args);
    process.send({ log: JSON.stringify({ timestamp: time, level, requestId, message }) });
  };
}

function failure(error, type) {
  if (!(error instanceof Error)) {
    return { errorType: type || typeof error, errorMessage: typeof error === 'string' ? error : String(error), trace: [] };
  }
  return { errorType: type || error.name, errorMessage: error.message, trace: (error.stack || '').split('\n') };
}

function named(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}

function isModule(file) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  try {
    return JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).type === 'module';
  } catch {
    return false;
  }
}

async function load() {
  const wanted = process.env._HANDLER;
  const [, folder, moduleName, exported] = /^((?:.*\/)?)([^/.]+)\.(.+)$/.exec(wanted) || [];
  if (!moduleName) throw named('Runtime.MalformedHandlerName', 'Bad handler');
  const base = path.join(root, folder, moduleName);
  const file = ['.js', '.mjs', '.cjs'].map((extension) => base + extension).find((candidate) => fs.existsSync(candidate));
  if (!file) {
    throw named('Runtime.ImportModuleError', "Error: Cannot find module '" + moduleName + "'\nRequire stack:\n- /var/runtime/index.mjs");
  }
  let loaded;
  try {
    loaded = isModule(file) ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) {
      throw named('Runtime.ImportModuleError', 'Error: ' + error.message);
    }
    if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', 'SyntaxError: ' + error.message);
    throw error;
  }
  const handler = exported.split('.').reduce((value, key) => (value == null ? undefined : value[key]), loaded);
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', wanted + ' is undefined or not exported');
  }
  return handler;
}

function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const done = (error, value) => (error ? reject(error) : resolve(value));
    context.done = done;
    context.succeed = resolve;
    context.fail = reject;
    const answer = handler(event, context, done);
    if (answer && typeof answer.then === 'function') answer.then(resolve, reject);
    else if (handler.length < 3 && answer !== undefined) resolve(answer);
    else if (handler.length < 2) resolve(answer);
  });
}

function fatal(type) {
  return (error) => {
    const why = failure(error, type === 'unhandled' ? 'Runtime.UnhandledPromiseRejection' : undefined);
    process.send({ log: [new Date().toISOString(), requestId, 'ERROR', 'Uncaught Exception', JSON.stringify(why)].join('\t') });
    process.send({ result: { error: why, fatal: true } }, () => process.exit(128));
  };
}
process.on('unhandledRejection', fatal('unhandled'));
process.on('uncaughtException', fatal('uncaught'));

const ready = load();
ready.then(
  () => process.send({ ready: true }),
  (error) => {
    const why = failure(error);
    process.send({ log: [new Date().toISOString(), 'undefined', 'ERROR', 'Uncaught Exception', JSON.stringify(why)].join('\t') });
    process.send({ initError: why }, () => process.exit(1));
  },
);

process.on('message', async (message) => {
  const handler = await ready;
  requestId = message.context.awsRequestId;
  const { deadline, ...given } = message.context;
  const context = {
    ...given,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  process.env._X_AMZN_TRACE_ID = message.traceId;
  let result;
  try {
    const value = await run(handler, JSON.parse(message.event), context);
    const payload = JSON.stringify(value === undefined ? null : value);
    result = { payload: payload === undefined ? 'null' : payload };
  } catch (error) {
    const why = failure(error);
    process.send({ log: [new Date().toISOString(), requestId, 'ERROR', 'Invoke Error ', JSON.stringify({ errorType: why.errorType, errorMessage: why.errorMessage, stack: why.trace })].join('\t') });
    result = { error: why };
  }
  process.send({ result: { ...result, memory: Math.ceil(process.memoryUsage().rss / 1048576) } });
});
`;
