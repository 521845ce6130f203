/** What Vite makes of imports that are no TypeScript. */
declare module '*.css';

/** The address of a file that is built on its own. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
