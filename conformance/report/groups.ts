/** The group of a requirement or a case: what its id begins with. */
export function groupOf(id: string): string {
  return id.split('/')[0] ?? '';
}
