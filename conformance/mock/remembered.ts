/** How many values are kept: so few that nobody can fill the memory. */
const mostValues = 1000;

/**
 * A function that computes each value once and remembers it by its key. What was not asked for lately is forgotten, and
 * what has no key is not remembered at all.
 */
export function remembered<Subject, Value>(
  compute: (subject: Subject) => Promise<Value>,
  keyOf: (subject: Subject) => string | undefined,
): (subject: Subject) => Promise<Value> {
  let recent = new Map<string, Value>();
  let earlier = new Map<string, Value>();
  const keep = (key: string, value: Value): void => {
    recent.set(key, value);
    if (recent.size < mostValues / 2) return;
    earlier = recent;
    recent = new Map();
  };
  return async (subject) => {
    const key = keyOf(subject);
    if (key === undefined) return compute(subject);
    if (recent.has(key)) return recent.get(key) as Value;
    const value = earlier.has(key) ? (earlier.get(key) as Value) : await compute(subject);
    keep(key, value);
    return value;
  };
}
