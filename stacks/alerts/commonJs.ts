import { Script } from 'node:vm';

/** Imports as esbuild writes them in minified modules, of its own shared code and of Node's modules. */
const imports = /import(?:\{([\w$ ,]*)\}from)?"(node:[\w/]+|\.\/\w+\.js)";/g;
/** Exports as it writes them, at the end. */
const exportsAtEnd = /export\{([\w$ ,]*)\};?\s*$/;
/** Under this name the bundle's first file gives its second one what both need. */
const sharedName = 'shared';
/** A name that esbuild gives nothing: its own are of ASCII. */
const undefinedName = 'ø';

/** In place of `require` in modules, where the bundler would wrap it. */
export const requireName = 'lambdaRequire';

/** Minified modules of esbuild's: two entries, and what both import. */
export interface SplitModules {
  readonly index: string;
  readonly more: string;
  readonly shared: string;
}

/**
 * Split modules as Lambda's `require` takes them: `index.js`, which holds what both share so that a start reads one
 * file, and `more.js`, which takes that from it. esbuild's own conversion would make each call of an imported function
 * a longer one.
 *
 * @throws SyntaxError when a module has other imports or exports than esbuild's
 */
export function commonJs({ index, more, shared }: SplitModules): { readonly index: string; readonly more: string } {
  const common = body(shared, '', (members) => `return{${members}}`);
  const exported = (members: string) => `module.exports={${members}}`;
  const first = body(index, sharedName, (members) => exported(`${members},${sharedName}`));
  return {
    index: script(`const ${sharedName}=(()=>{${common}})();${first}`),
    more: script(body(more, `require("./index.js").${sharedName}`, exported)),
  };
}

function script(code: string): string {
  const text = `"use strict";let ${undefinedName};${code.replaceAll(requireName, 'require').replaceAll('void 0', undefinedName)}`;
  new Script(text);
  return text;
}

/** @param shared an expression for what the shared module exports */
function body(module: string, shared: string, exported: (members: string) => string): string {
  return module
    .replace(imports, (_, names: string | undefined, from: string) => {
      const wanted = from.startsWith('node:') ? `require(${JSON.stringify(from)})` : shared;
      return names === undefined ? '' : `const{${members(names)}}=${wanted};`;
    })
    .replace(exportsAtEnd, (_, names: string) => exported(members(names, true)));
}

/** `a as b,c` as the members of an object. */
function members(list: string, exported = false): string {
  return list
    .split(',')
    .map((item) => item.trim().split(' as '))
    .map(([first = '', second = first]) => {
      const [name, value] = exported ? [second, first] : [first, second];
      return name === value ? name : `${name}:${value}`;
    })
    .join(',');
}
