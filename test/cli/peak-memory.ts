/** How much memory the program took at its peak, told by itself at its end. */

/** Of this program alone: what getrusage() says of a child begins with the size of its parent. */
const TELL_MEMORY = `import{readFileSync}from"node:fs";
const peak=()=>{try{return/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status","utf8"))[1]}
catch{return process.resourceUsage().maxRSS}};
process.on("exit",()=>process.stderr.write("RSS "+peak()))`;

/** For the environment of the program. */
export const MEASURED = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TELL_MEMORY)}`,
};

const RSS = /RSS (\d+)$/;

/** MB, and what else stood on stderr; NaN where the program was killed. */
export function peakIn(stderr: string): { readonly megabytes: number; readonly rest: string } {
  const megabytes = Number(RSS.exec(stderr)?.[1] ?? Number.NaN) / 1024;
  return { megabytes, rest: stderr.replace(RSS, '') };
}

/**
 * The promise in MB. Answers full to the brim were seen to take 110 to 230, as V8 collects sooner or later; later versions
 * of Node give their young generation more room: 330 were seen with Node 24.
 */
export const MOST_MB = process.version.startsWith('v20.') ? 300 : 500;
