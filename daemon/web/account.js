// Logging in, and making an account.

import { ask, session } from "/web/api.js";
import { $, say, show } from "/web/dom.js";
import { sentence } from "/web/text.js";

const modes = {
  login: {
    title: "Log in",
    go: "Log in",
    autocomplete: "current-password",
    question: "No account yet?",
    other: "Create one",
    next: "register",
  },
  register: {
    title: "Create an account",
    go: "Create account",
    autocomplete: "new-password",
    question: "Have one already?",
    other: "Log in",
    next: "login",
  },
};
// What is to be done here, where the server tells what a terminal does.
const advice = {
  email_unverified: "open the link in the letter that was sent to you, then log in",
};
let mode = "login";
let entered = () => {};

function setMode(name) {
  mode = name;
  const words = modes[name];
  $("login-title").textContent = words.title;
  $("login-go").textContent = words.go;
  $("login-password").autocomplete = words.autocomplete;
  $("password-hint").hidden = name !== "register";
  $("other-question").textContent = words.question;
  $("other").textContent = words.other;
  show($("login-error"), "");
}

// Shows the form and says why it is there. `then` is called when somebody is logged in.
export function open(why, then) {
  entered = then;
  setMode("login");
  $("account-why").textContent = why;
  $("login-password").value = "";
  $("login-email").focus();
}

async function logIn(email, password) {
  const { token } = await ask("POST", "/v1/login", { json: { email, password } });
  session.begin(token, email, $("stay").checked);
}

async function enter(email, password) {
  if (mode === "register") {
    await ask("POST", "/v1/register", { json: { email, password } });
    setMode("login"); // the account is there, whatever becomes of the login
  }
  await logIn(email, password);
}

function check(email, password) {
  if (!email) return "Type your e-mail address.";
  return password ? "" : "Type your password.";
}

async function submit() {
  const [email, password] = [$("login-email").value.trim().toLowerCase(), $("login-password").value];
  const missing = check(email, password);
  show($("login-error"), missing);
  if (missing) return $(email ? "login-password" : "login-email").focus();
  $("login-go").disabled = true;
  try {
    await enter(email, password);
    $("login-password").value = "";
    entered();
  } catch (problem) {
    show($("login-error"), sentence(advice[problem.code] ?? problem.message));
  } finally {
    $("login-go").disabled = false;
  }
}

$("login").onsubmit = (event) => {
  event.preventDefault();
  submit();
};

$("other").onclick = () => {
  setMode(modes[mode].next);
  say(modes[mode].title);
  $("login-email").focus();
};

// Ends the login on the server, and here in any case. Returns what is to be told of it.
export async function logOut() {
  try {
    await ask("POST", "/v1/logout");
    return "You are logged out.";
  } catch (problem) {
    if (problem.code === "not_logged_in") return "You are logged out.";
    return `You are logged out here, but not on the server: ${problem.message}.`;
  } finally {
    session.forget();
  }
}
