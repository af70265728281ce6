export async function demo(_t: 'real'|'none', _c: boolean): Promise<number> { return 1; }
