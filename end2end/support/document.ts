interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Record<string, unknown>;
}

/** A documented call. */
export interface Operation extends Described {
  readonly method: string;
  readonly path: string;
}

/** The OpenAPI document of the server. */
export interface Document {
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

export async function readDocument(origin: string): Promise<Document> {
  const response = await fetch(new URL('/api/openapi.json', origin));
  return (await response.json()) as Document;
}

export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, described]) => ({ method: method.toUpperCase(), path, ...described })),
  );
}
