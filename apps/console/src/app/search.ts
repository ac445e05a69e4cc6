/** Reads the named texts of an address; whatever else is in it is left out. */
export function texts<const K extends string>(
  ...names: readonly K[]
): (search: Record<string, unknown>) => { [name in K]?: string | undefined } {
  return (search) => {
    const read: { [name in K]?: string | undefined } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === 'string' && value !== '') read[name] = value;
      else if (typeof value === 'number' || typeof value === 'boolean') read[name] = String(value);
    }
    return read;
  };
}
