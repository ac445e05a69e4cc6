export function MappingPage() {
  return null;
}
