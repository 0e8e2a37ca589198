#include "cli/cli.h"

/* A name that begins with another's stands before it. */
/* clang-format off */
const struct command COMMANDS[] = {
    {"init", init_run, &INIT_OPTIONS, .makes_folder = true,
     .usage = "[--organization NAME] [--email ADDRESS] [--name NAME]",
     .summary = "make the data folder, a user, a token with all scopes and a sandbox mailbox",
     .more = "Prints one JSON object; its token is shown only here."},
    {"user add", user_add, &USER_ADD_OPTIONS,
     .usage = "--email ADDRESS [--name NAME] [--organization NAME]",
     .summary = "add a user, to the first organization or to a new one"},
    {"user change", user_change, &USER_CHANGE_OPTIONS,
     .usage = "--email ADDRESS --requires-approval yes|no",
     .summary = "say whether a user's mail leaves only with somebody else's consent"},
    {"user list", user_list, &NO_OPTIONS, .usage = "", .summary = "list all users"},
    {"key rotate", key_rotate, &NO_OPTIONS, .usage = "",
     .summary = "make a new key file, and seal all secrets with it, while outtrayd runs or not",
     .more = "The former key stays beside it, as secret.key.ID of mode 0600: backups from before open\n"
             "with it (restore --key). What was interrupted is made good by doing it again."},
    {"organization quota", organization_quota, &ORGANIZATION_QUOTA_OPTIONS,
     .usage = "[--organization NAME|ID] [--stored-bytes BYTES] [--waiting-emails N]\n"
              "       [--templates N] [--contexts N] [--tokens N] [--mailboxes N]",
     .summary = "show what organizations use of their quotas, or change one's",
     .more = "none: no limit; default: what the settings quota_... say. It holds at once."},
    {"token create", token_create, &TOKEN_CREATE_OPTIONS,
     .usage = "--user ADDRESS --scope SCOPE... [--expires-in TIME]\n"
              "       [--requests-per-minute N] [--label TEXT]",
     .summary = "make a token for a user and print it, once",
     .more = "Scopes: inbox:read inbox:write inbox:draft inbox:approve admin."},
    {"token list", token_list, &NO_OPTIONS, .usage = "",
     .summary = "list all tokens, without what they are"},
    {"token revoke", token_revoke, &NO_OPTIONS, .words = 1,
     .usage = "ID", .summary = "end a token at once"},
    {"account add sandbox", account_add_sandbox, &ACCOUNT_SANDBOX_OPTIONS,
     .usage = "--user ADDRESS --email ADDRESS [--display-name NAME] [--default]",
     .summary = "connect a mailbox that delivers into DIR/sandbox"},
    {"account add smtp", account_add_smtp, &ACCOUNT_SMTP_OPTIONS,
     .usage = "--user ADDRESS --email ADDRESS --host HOST [--port PORT]\n"
              "       [--security tls|starttls|none] [--username NAME] [--password-file FILE]\n"
              "       [--display-name NAME] [--default]",
     .summary = "connect a mailbox through its SMTP server; signs in first",
     .more = "With --username, the password comes from the file, from OUTTRAY_PASSWORD, from a\n"
             "question on the terminal, or else from the first line of standard input; never\n"
             "from an argument, which others can see."},
    {"account connect", account_connect, &ACCOUNT_CONNECT_OPTIONS, .words = 1,
     .usage = "gmail|outlook --user ADDRESS [--hint ADDRESS] [--port PORT] [--host NAME]",
     .summary = "connect a Gmail or Outlook mailbox; a browser signs in to it",
     .more = "Prints the URL that the browser has to open, waits ten minutes for it to come back,\n"
             "and prints the mailbox. The settings need google_client_id or microsoft_client_id,\n"
             "of a desktop application; its redirect URL is http://127.0.0.1 with any port, or\n"
             "what --host and --port say."},
    {"account complete", account_complete, &ACCOUNT_COMPLETE_OPTIONS, .words = 1,
     .usage = "CODE --user ADDRESS",
     .summary = "connect the mailbox of a sign-in that a browser has come back from",
     .more = "The code stands on the page that the sign-in ended at, and is good for ten minutes.\n"
             "The user is the one who began; no other can complete it."},
    {"account list", account_list, &NO_OPTIONS, .usage = "",
     .summary = "list all connected mailboxes"},
    {"account test", account_test, &NO_OPTIONS, .words = 1,
     .usage = "ID|ADDRESS", .summary = "connect and sign in as for sending, and no more"},
    {"account pause", account_pause, &NO_OPTIONS, .words = 1,
     .usage = "ID|ADDRESS", .summary = "send none of the mailbox's mail until it is resumed"},
    {"account resume", account_go_on, &NO_OPTIONS, .words = 1,
     .usage = "ID|ADDRESS",
     .summary = "let the mailbox's mail go on, and try at once one that is held"},
    {"webhook add", webhook_add, &WEBHOOK_ADD_OPTIONS,
     .usage = "--user ADDRESS --url URL [--event TYPE]... [--description TEXT]",
     .summary = "have a URL told of what happens to mail, and print the secret that signs, once",
     .more = "It hears of the whole organization's mail: all types of events, or those given, such\n"
             "as email.sent and email.failed."},
    {"webhook list", webhook_list, &NO_OPTIONS, .usage = "",
     .summary = "list all webhooks, and how they fare"},
    {"webhook remove", webhook_remove, &NO_OPTIONS, .words = 1,
     .usage = "ID", .summary = "delete a webhook"},
    {"send", send_run, &SEND_OPTIONS,
     .usage = "[--from ADDRESS] --to ADDRESS... --subject TEXT [--text TEXT] [--attach FILE]...\n"
              "            [--at TIME]\n"
              "       send --eml <mail.eml\n"
              "       send --json-input <mail.json",
     .summary = "queue a mail, and wait until the server has sent it",
     .more = "Options win over what the .eml or the JSON on standard input says. The JSON has the\n"
             "keys of POST /api/email/send. Exit status 0: sent; 1: failed, or nobody can tell;\n"
             "75: under way, or not before its time or somebody's consent."},
    {"outbox show", outbox_show, &NO_OPTIONS, .words = 1,
     .usage = "ID", .summary = "show a mail and all that has happened to it"},
    {"outbox cancel", outbox_cancel, &OUTBOX_CANCEL_OPTIONS, .words = 1,
     .usage = "ID [--reason TEXT]", .summary = "keep a mail from leaving"},
    {"outbox retry", outbox_retry, &OUTBOX_RETRY_OPTIONS, .words = 1,
     .usage = "ID", .summary = "send now what has failed, is held, or waits",
     .more = "A mail that is unknown is sent again, too: only who knows that it was not sent\n"
             "does so."},
    {"outbox resolve", outbox_resolve, &OUTBOX_RESOLVE_OPTIONS, .words = 1,
     .usage = "ID --sent [--at TIME] | --resend",
     .summary = "say whether a mail was sent of which nobody else can tell"},
    {"outbox approve", outbox_approve, &OUTBOX_APPROVE_OPTIONS, .words = 1,
     .usage = "ID --hash SHA256", .summary = "agree to what a mail says, so that it leaves",
     .more = "The hash is content_sha256 in outbox show; a mail that says something else by now\n"
             "is not approved."},
    {"outbox reject", outbox_reject, &OUTBOX_REJECT_OPTIONS, .words = 1,
     .usage = "ID --reason TEXT", .summary = "give a mail back to its author"},
    {"outbox", outbox_run, &OUTBOX_OPTIONS,
     .usage = "[--state STATE] [--held] [--planned] [--mailbox ADDRESS] [--user ADDRESS]\n"
              "       [--since TIME] [--limit N] [--follow]",
     .summary = "list what waits, was sent, has failed; newest first",
     .more = "States: draft pending_approval queued sending sent failed unknown canceled."},
    {"audit verify", audit_verify, &AUDIT_VERIFY_OPTIONS, .more_words = 1,
     .usage = "[FILE] [--organization NAME|ID] [--expect NUMBER:HASH]...",
     .summary = "say whether the trail of events is whole and unchanged",
     .more = "Recomputes every hash, looks for gaps, and compares each mail with its last event. A\n"
             "line for each finding, then one for each organization; exit status 0: all holds, 1: not.\n"
             "Who could write the database could chain it anew: note the end elsewhere now and\n"
             "then, and give it to --expect. FILE: an export, checked without a data folder; -\n"
             "is standard input. A server may run meanwhile."},
    {"audit export", audit_export, &AUDIT_EXPORT_OPTIONS,
     .usage = "[--organization NAME|ID] [--after N]",
     .summary = "print the trail of an organization, as JSON lines that anybody can verify",
     .more = "docs/audit.md has the format, and a verifier in 30 lines of Python."},
    {"backup", backup_run, &BACKUP_OPTIONS, .words = 1,
     .usage = "FILE [--with-key]",
     .summary = "write all that the server keeps into one file, while it runs or not",
     .more = "FILE: must not be there; - is standard output. In it are the database as of one\n"
             "moment, the attachments that it names, and outtray.conf; not the mail that sandbox\n"
             "mailboxes have delivered (DIR/sandbox), and the key file only with --with-key.\n"
             "Meanwhile DIR/tmp needs room for a second copy of the database."},
    {"restore", restore_run, &RESTORE_OPTIONS, .words = 1, .opens_nothing = true,
     .usage = "FILE [--key FILE]",
     .summary = "bring a backup back, into a data folder that has no database",
     .more = "FILE: what outtray backup wrote; - is standard input. Nothing is there before all of\n"
             "it has been checked. What may have been sent since the backup is not sent again by\n"
             "itself: mail that was waiting is held for a person, and plans that have passed are\n"
             "taken away."},
    {"doctor", doctor_run, &DOCTOR_OPTIONS, .opens_nothing = true,
     .usage = "[--thorough] [--offline] [--reserve BYTES]",
     .summary = "look at everything that can be wrong, and say what to do",
     .more = "A line for each: OK, WARN or FAIL. Works whether outtrayd runs or not, and signs in to\n"
             "every mailbox. Exit status 0: nothing FAILs; 1: something does."},
    {"erase", erase_run, &ERASE_OPTIONS,
     .usage = "--address ADDRESS [--organization NAME|ID] [--dry-run]\n"
              "       erase --email-id ID [--dry-run]",
     .summary = "take away what mail said and to whom; the trail still proves what happened",
     .more = "All mail from or to that address, in whatever list it stands, drafts too. However the\n"
             "address is spelled: with a name, in capitals, its domain in letters or as xn--. Mail\n"
             "that is on its way is left alone and says what to do first: exit status 1. Where there\n"
             "is no such mail it says so. Backups and the folders of sandbox mailboxes (DIR/sandbox)\n"
             "are not touched. docs/audit.md has more."},
    {0},
};
/* clang-format on */
