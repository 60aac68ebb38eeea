/** What the build finds in Pyodide's npm package, for `restore.js` (tools/build/engine.mjs). */
declare module 'pyodide-loader' {
  export function loadPyodide(options: any): Promise<any>;
}

declare module 'pyodide-glue' {
  /** Null where the Pyodide is not the one that tools/build/glue.mjs knows: then there is no snapshot. */
  const createPyodideModule: ((settings: any) => Promise<any>) | null;
  export default createPyodideModule;
}
