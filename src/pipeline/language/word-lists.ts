export const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
export const phrases = (list: string): ReadonlySet<string> => new Set(list.split(','));
