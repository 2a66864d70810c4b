// Logging in, making an account, and getting a new password.

import { ask, session } from "/web/api.js";
import { $, say, show } from "/web/dom.js";
import { sentence } from "/web/text.js";

const toLogin = { other: "Log in", next: "login" };
const modes = {
  login: {
    title: "Log in",
    go: "Log in",
    asks: ["email", "password"],
    question: "No account yet?",
    other: "Create one",
    next: "register",
    run: logIn,
  },
  register: {
    title: "Create an account",
    go: "Create account",
    asks: ["email", "password"],
    question: "Have one already?",
    ...toLogin,
    run: register,
  },
  forgot: { title: "Forgot your password?", go: "Send a code", asks: ["email"], ...toLogin, run: sendCode },
  reset: {
    title: "Set a new password",
    go: "Set password",
    asks: ["email", "code", "password"],
    ...toLogin,
    run: reset,
  },
  change: {
    title: "Change your password",
    go: "Change password",
    asks: ["old", "password"],
    other: "Back to your MP3s",
    run: change,
  },
};
const fields = { email: "e-mail address", code: "code", old: "present password", password: "password" };
// What is to be done here, where the server tells what a terminal does.
const advice = {
  email_unverified: "open the link in the letter that was sent to you, then log in",
};
let mode = "login";
let entered = () => {};

// Hides or shows a field with its label.
function setHidden(id, isHidden) {
  $(id).hidden = $(id).labels[0].hidden = isHidden;
}

function setMode(name) {
  mode = name;
  const { title, go, asks, question, other } = modes[name];
  const isNew = name !== "login";
  $("login-title").textContent = title;
  $("login-go").textContent = go;
  for (const field in fields) setHidden(`login-${field}`, !asks.includes(field));
  setHidden("stay", name === "forgot" || name === "change");
  $("password-label").textContent = question ? "Password" : "New password";
  $("login-password").autocomplete = isNew ? "new-password" : "current-password";
  $("password-hint").hidden = !isNew || name === "forgot";
  show($("other-question"), question);
  $("other").textContent = other;
  $("forgot").hidden = isNew;
  show($("login-error"), "");
}

function forgetPasswords() {
  for (const field of ["old", "password"]) $(`login-${field}`).value = "";
}

// Shows the form in that mode and says why it is there. `then` is called when it is done with.
function openAs(name, why, then) {
  entered = then;
  setMode(name);
  $("account-why").textContent = why;
  forgetPasswords();
  $(`login-${modes[name].asks[0]}`).focus();
}

export const open = (why, then) => openAs("login", why, then);

export const changePassword = (then) => openAs("change", "Your other logins end with it.", then);

async function logIn({ email, password }) {
  const { token } = await ask("POST", "/v1/login", { json: { email, password } });
  session.begin(token, email, $("stay").checked);
  entered();
}

async function register({ email, password }) {
  await ask("POST", "/v1/register", { json: { email, password } });
  setMode("login"); // the account is there, whatever becomes of the login
  await logIn({ email, password });
}

async function sendCode({ email }) {
  await ask("POST", "/v1/password/reset", { json: { email } });
  setMode("reset");
  $("account-why").textContent =
    "If there is such an account, a letter with a code is on its way. It is good for half an hour.";
  $("login-code").focus();
}

async function reset({ email, code, password }) {
  const json = { email, code, new_password: password };
  await ask("POST", "/v1/password/reset/confirm", { json });
  setMode("login");
  await logIn({ email, password });
}

async function change({ old, password }) {
  await ask("POST", "/v1/password/change", { json: { password: old, new_password: password } });
  $("account-why").textContent = "Your password is changed.";
  say("Your password is changed.");
  $("other").focus();
}

function read(field) {
  const { value } = $(`login-${field}`);
  if (field === "email") return value.trim().toLowerCase();
  return field === "code" ? value.trim() : value;
}

async function submit() {
  const { asks, run } = modes[mode];
  const given = Object.fromEntries(asks.map((field) => [field, read(field)]));
  const missing = asks.find((field) => !given[field]);
  show($("login-error"), missing ? `Type your ${fields[missing]}.` : "");
  if (missing) return $(`login-${missing}`).focus();
  $("login-go").disabled = true;
  try {
    await run(given);
    forgetPasswords();
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

function turnTo(name) {
  setMode(name);
  say(modes[name].title);
  $("login-email").focus();
}

$("other").onclick = () => {
  const { next } = modes[mode];
  return next ? turnTo(next) : entered();
};
$("forgot").onclick = () => turnTo("forgot");

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
