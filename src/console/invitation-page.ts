import { escapeHtml } from '../core/html.js';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 24rem; margin: 4rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
label { display: block; margin: 1rem 0 0; } input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; }
button { font: inherit; margin-top: 1.5rem; padding: .4rem 1.2rem; }
.fault { color: #c8453b; } .soft { opacity: .65; }`;

export type InvitationPage = {
  token: string;
  organization: string;
  email: string;
  role: string;
  /** Whether there is an account of this address: then its password is asked for, and none is chosen. */
  isKnown: boolean;
  name: string;
  /** What was wrong with what was sent before. */
  fault: string | undefined;
};

/** Where an invited person accepts. A form that works without script. */
export function renderInvitationPage({ token, organization, email, role, isKnown, name, fault }: InvitationPage): string {
  return page(
    `Join ${organization}`,
    `<p>You are invited as <strong>${escapeHtml(email)}</strong> (${escapeHtml(role)}).</p>
${fault === undefined ? '' : `<p class="fault" role="alert">${escapeHtml(fault)}</p>`}
<form method="post">
<input type="hidden" name="token" value="${escapeHtml(token)}">
${isKnown ? '' : `<label>Your name <input name="name" value="${escapeHtml(name)}" autocomplete="name" maxlength="200" required></label>`}
${
  isKnown
    ? '<label>The password of your account <input type="password" name="password" autocomplete="current-password" required></label>'
    : '<label>Choose a password <input type="password" name="password" autocomplete="new-password" minlength="12" required></label><p class="soft">At least 12 characters.</p>'
}
<button>Accept</button>
</form>`,
  );
}

export const renderAcceptedPage = (organization: string): string =>
  page(`Welcome to ${organization}`, '<p>You are a member now, and logged in with this browser.</p>');

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${content}
</main></body></html>
`;
