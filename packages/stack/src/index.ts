// Front doors of this package; each folder adds its line.
export {};
