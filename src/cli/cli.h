/* cli.h - one run of `outtray`, the tool of whoever operates a server. It works on the database
 * itself, whether outtrayd runs or not. */
#pragma once
#include "base/secret.h"
#include "config.h"
#include "data_folder.h"
#include "db/db.h"
#include "model/administration.h"
#include "model/identity.h"

enum exit_status { /* what --help says and scripts rely on */
                   EXIT_OK = 0,
                   EXIT_FAILED = 1,
                   EXIT_USAGE = 2,
                   EXIT_NOT_FOUND = 3,
                   EXIT_LATER = 75, /* EX_TEMPFAIL of sysexits.h */
};

enum { LIST_MOST = 10000 }; /* rows that a list shows */

struct cli {
    struct arena *arena;
    bool json;
    struct config config;
    struct data_paths paths;
    struct db *db;
    struct list words;       /* const char *: what follows the command's name */
    enum exit_status status; /* of a command that worked */
};

struct command {
    const char *name; /* "token create" */
    bool (*run)(struct cli *cli, void *options, struct error *error);
    const struct schema *options;
    size_t words;      /* how many it takes */
    size_t more_words; /* and how many more it may; given one, it opens no data folder */
    bool makes_folder;
    bool opens_nothing; /* it is for a folder that is not there yet, or is not in order */
    const char *usage;  /* what is typed behind the name */
    const char *summary;
    const char *more; /* further lines for its help, or NULL */
};
extern const struct command COMMANDS[]; /* ends with {0} */

extern const struct schema NO_OPTIONS;
/* clang-format off */
extern const struct schema INIT_OPTIONS, USER_ADD_OPTIONS, TOKEN_CREATE_OPTIONS,
    ACCOUNT_SANDBOX_OPTIONS, ACCOUNT_SMTP_OPTIONS, ACCOUNT_CONNECT_OPTIONS, ACCOUNT_COMPLETE_OPTIONS,
    SEND_OPTIONS,
    OUTBOX_OPTIONS, OUTBOX_CANCEL_OPTIONS, OUTBOX_RETRY_OPTIONS, OUTBOX_RESOLVE_OPTIONS,
    OUTBOX_APPROVE_OPTIONS, OUTBOX_REJECT_OPTIONS, USER_CHANGE_OPTIONS, AUDIT_VERIFY_OPTIONS,
    AUDIT_EXPORT_OPTIONS, ERASE_OPTIONS, WEBHOOK_ADD_OPTIONS, BACKUP_OPTIONS, RESTORE_OPTIONS,
    DOCTOR_OPTIONS, ORGANIZATION_QUOTA_OPTIONS;
extern const struct schema ACCOUNT_VIEW; /* of struct account, as it is printed */

bool init_run(struct cli *cli, void *options, struct error *error);
bool user_add(struct cli *cli, void *options, struct error *error);
bool user_change(struct cli *cli, void *options, struct error *error);
bool user_list(struct cli *cli, void *options, struct error *error);
bool organization_quota(struct cli *cli, void *options, struct error *error);
bool token_create(struct cli *cli, void *options, struct error *error);
bool token_list(struct cli *cli, void *options, struct error *error);
bool token_revoke(struct cli *cli, void *options, struct error *error);
bool account_add_sandbox(struct cli *cli, void *options, struct error *error);
bool account_add_smtp(struct cli *cli, void *options, struct error *error);
bool account_connect(struct cli *cli, void *options, struct error *error);
bool account_complete(struct cli *cli, void *options, struct error *error);
bool account_list(struct cli *cli, void *options, struct error *error);
bool account_test(struct cli *cli, void *options, struct error *error);
bool account_pause(struct cli *cli, void *options, struct error *error);
bool account_go_on(struct cli *cli, void *options, struct error *error);
bool webhook_add(struct cli *cli, void *options, struct error *error);
bool webhook_list(struct cli *cli, void *options, struct error *error);
bool webhook_remove(struct cli *cli, void *options, struct error *error);
bool send_run(struct cli *cli, void *options, struct error *error);
bool outbox_run(struct cli *cli, void *options, struct error *error);
bool outbox_show(struct cli *cli, void *options, struct error *error);
bool outbox_cancel(struct cli *cli, void *options, struct error *error);
bool outbox_retry(struct cli *cli, void *options, struct error *error);
bool outbox_resolve(struct cli *cli, void *options, struct error *error);
bool outbox_approve(struct cli *cli, void *options, struct error *error);
bool outbox_reject(struct cli *cli, void *options, struct error *error);
bool key_rotate(struct cli *cli, void *options, struct error *error);
bool audit_verify(struct cli *cli, void *options, struct error *error);
bool audit_export(struct cli *cli, void *options, struct error *error);
bool erase_run(struct cli *cli, void *options, struct error *error);
bool backup_run(struct cli *cli, void *options, struct error *error);
bool restore_run(struct cli *cli, void *options, struct error *error);
bool doctor_run(struct cli *cli, void *options, struct error *error);
/* clang-format on */

/* The user with that address; ERROR_NOT_FOUND names it. */
bool cli_find_user(struct cli *cli, const char *email, struct user *ret_user, struct error *error);
/* What the operator does, for trail_note. subject_id: of what it changes, or NULL. */
struct administration cli_act(enum administration_event event, const char *organization_id,
                              const char *subject_id);
/* As db_open, with our spelling of lists. */
struct db *cli_open_database(const char *path, struct error *error);
const char *cli_word(const struct cli *cli, size_t number);
/* An id in any spelling, as the database has it. */
bool cli_read_id(struct cli *cli, const char *text, const char **ret_id, struct error *error);
