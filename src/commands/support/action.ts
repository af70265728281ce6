/** Does what the command line says. @returns the exit status. @throws UserError and its like */
export type Action = () => number | Promise<number>;
