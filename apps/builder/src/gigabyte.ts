/** Bytes of a GB, as the configuration and what people read count them. */
export const BYTES_PER_GB = 1e9;
