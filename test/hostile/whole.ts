/** True where the whole zoo is let out (LASTCHUNK_HOSTILE=whole), which takes minutes; else what is quick. */
export const WHOLE: boolean = process.env.LASTCHUNK_HOSTILE === 'whole';
