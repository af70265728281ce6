import { Help } from 'commander';
import { expect, test } from 'vitest';
import { commandLine, defined } from '../../src/cli/main.ts';
import { commands } from '../../src/commands/index.ts';

test.each(commands)('$name is listed with what it takes', async ({ name, usage }) => {
  const command = commandLine().commands.find((one) => one.name() === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  expect(command.options).toEqual([]);
  await defined(command);
  expect(new Help().subcommandTerm(command)).toBe(`${name} ${usage}`.trim());
});
