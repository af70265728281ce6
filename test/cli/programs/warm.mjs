// Runs each command line that its parent sends, in the environment and the folder that come with it.
import { exit, runLine } from './run-line.mjs';

process.on('message', async ({ argv, env, cwd }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.send(await runLine(argv));
});
process.on('disconnect', () => exit(0));
