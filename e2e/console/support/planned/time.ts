const minute = 60_000;

/** A time so many minutes ago; of a negative number, to come. */
export const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * minute).toISOString();
