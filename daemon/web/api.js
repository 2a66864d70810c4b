// The server's HTTP interface, which mp3convd(8) describes, and the token that it takes.

const store = "mp3conv.session";

// What went wrong, in the server's words.
export class Problem extends Error {
  constructor({ code, detail, retryable = false, status = 0 }, retryAfter_s = 0) {
    super(detail);
    Object.assign(this, { code, retryable, status, retryAfter_s });
  }
}

export const unreachable = () =>
  new Problem({ code: "unreachable", detail: "the server cannot be reached", retryable: true });

// Reads what a refusal says; whoever stands between the server and us may say something else.
export function problemOf(status, text, retryAfter) {
  const after_s = Number(retryAfter) || 0;
  try {
    return new Problem({ ...JSON.parse(text), status }, after_s);
  } catch {
    const busy = status >= 500 || status === 429;
    const detail = `the server, or a proxy before it, answered ${status}`;
    return new Problem({ code: "unknown", detail, retryable: busy, status }, after_s);
  }
}

// Who is logged in. "ended" tells that the server knows the token no more; "elsewhere" that
// another tab logged in or out.
class Session extends EventTarget {
  #known = null;

  constructor() {
    super();
    this.#read();
    addEventListener("storage", (event) => {
      if (event.key !== store || sessionStorage.getItem(store)) return;
      this.#read();
      this.dispatchEvent(new Event("elsewhere"));
    });
  }

  #read() {
    try {
      this.#known = JSON.parse(sessionStorage.getItem(store) ?? localStorage.getItem(store));
    } catch {
      this.#known = null;
    }
  }

  get token() {
    return this.#known?.token;
  }

  get email() {
    return this.#known?.email;
  }

  // The token goes with the tab, unless its owner wants to stay.
  begin(token, email, stays) {
    this.forget();
    this.#known = { token, email };
    (stays ? localStorage : sessionStorage).setItem(store, JSON.stringify(this.#known));
  }

  forget() {
    this.#known = null;
    sessionStorage.removeItem(store);
    localStorage.removeItem(store);
  }

  // Somebody else's token may have come in its place meanwhile.
  end(token) {
    if (!token || token !== this.token) return;
    this.forget();
    this.dispatchEvent(new Event("ended"));
  }
}

export const session = new Session();

// Sends a request and returns the answer of one that went well. Throws Problem, and what `signal`
// was aborted with.
export async function request(method, path, { json, headers = {}, ...rest } = {}) {
  const { token } = session;
  if (token) headers = { Authorization: `Bearer ${token}`, ...headers };
  const body = json && JSON.stringify(json);
  let answer;
  try {
    answer = await fetch(path, { method, headers, body, cache: "no-store", ...rest });
  } catch (error) {
    throw rest.signal?.aborted ? error : unreachable();
  }
  if (answer.ok) return answer;
  const problem = problemOf(answer.status, await answer.text(), answer.headers.get("Retry-After"));
  if (problem.code === "not_logged_in") session.end(token);
  throw problem;
}

export async function ask(method, path, more) {
  const answer = await request(method, path, more);
  return answer.status === 204 ? null : answer.json();
}

export const filePath = (id, what = "") => `/v1/files/${encodeURIComponent(id)}${what}`;
