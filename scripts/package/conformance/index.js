/** Returns the configuration as it is: it is there for its type, which editors and compilers check. */
export function defineConfig(config) {
  return config;
}
