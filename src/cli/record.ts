export async function record(_u: string, _o: object): Promise<number> { return 1; }
