/** Where the key is between two loads of the page: this tab alone, gone when it is closed. */
export interface KeyStore {
  get(): string | null;
  set(key: string): void;
  forget(): void;
}

const NAME = "vhd-to-image-key";

/** Keeps the key in a storage of the browser, or in memory where that is switched off. */
export function createKeyStore(
  storage: () => Pick<Storage, "getItem" | "setItem" | "removeItem">,
): KeyStore {
  let kept: string | null = null;
  const attempt = <T>(use: () => T): T | null => {
    try {
      return use();
    } catch {
      return null;
    }
  };
  return {
    get: () => kept ?? attempt(() => storage().getItem(NAME)),
    set: (key) => {
      kept = key;
      attempt(() => storage().setItem(NAME, key));
    },
    forget: () => {
      kept = null;
      attempt(() => storage().removeItem(NAME));
    },
  };
}

/** The key in a fragment such as `#key=…`; null when there is none. */
export function readKey(hash: string): string | null {
  if (!hash.startsWith("#key=")) return null;
  const text = hash.slice("#key=".length);
  try {
    return decodeURIComponent(text).trim() || null;
  } catch {
    return text;
  }
}

/** Whether a header can carry the key: printable ASCII without spaces. */
export function isPossibleKey(key: string): boolean {
  return /^[!-~]{1,512}$/.test(key);
}
