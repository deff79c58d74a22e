import { Script } from 'node:vm';

/** Imports as esbuild writes them in minified modules, of its own shared code and of Node's modules. */
const imports = /import(?:\{([\w$ ,]*)\}from)?"(node:[\w/]+|\.\/\w+\.js)";/g;
/** Exports as it writes them, at the end. */
const exportsAtEnd = /export\{([\w$ ,]*)\};?\s*$/;

/** In place of `require` in modules, where the bundler would wrap it. */
export const requireName = 'lambdaRequire';

/**
 * A minified module of esbuild's as Lambda's `require` takes it. esbuild's own conversion would make each call of an
 * imported function a longer one.
 *
 * @throws SyntaxError when the module has other imports or exports than these
 */
export function commonJs(module: string): string {
  const code = module
    .replace(imports, (_, names: string | undefined, from: string) => {
      const wanted = `require(${JSON.stringify(from)});`;
      return names === undefined ? wanted : `const{${members(names, ':')}}=${wanted}`;
    })
    .replace(exportsAtEnd, (_, names: string) => `module.exports={${members(names, ':', true)}};`);
  const script = `"use strict";const ${requireName}=require;${code}`;
  new Script(script);
  return script;
}

/** `a as b,c` as the members of an object. */
function members(list: string, separator: string, exported = false): string {
  return list
    .split(',')
    .map((item) => item.trim().split(' as '))
    .map(([first = '', second = first]) => {
      const [name, value] = exported ? [second, first] : [first, second];
      return name === value ? name : name + separator + value;
    })
    .join(',');
}
