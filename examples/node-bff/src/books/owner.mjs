// Owners as stores write them (`user:ada`), and as the library takes them.

export function ownerOf(text) {
  const colon = text.indexOf(':');
  return { kind: text.slice(0, colon), id: text.slice(colon + 1) };
}
