import type { StandardSchemaV1 } from '@drawbridge/config';

/** What every key of the benchmark holds, checked by hand: a library's own time is not what is measured. */
export const schema: StandardSchemaV1<unknown, { readonly url: string; readonly size: number }> = {
  '~standard': {
    version: 1,
    vendor: 'bench',
    validate: (value) => {
      const { url, size } = value as { readonly url?: unknown; readonly size?: unknown };
      const fits = typeof url === 'string' && typeof size === 'number';
      return fits ? { value: { url, size } } : { issues: [{ message: 'is not a url with a size' }] };
    },
  },
};
