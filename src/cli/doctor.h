/* doctor.h - looks at an installation, whether a server runs or not, and says what is wrong with it
 * and what to do; doctor.c has the table of all that is looked at. Inside the command. */
#pragma once
#include "cli/cli.h"

enum level { LEVEL_OK, LEVEL_WARN, LEVEL_FAIL };

struct doctor_options {
    bool thorough, offline;
    int64_t reserve; /* bytes */
};

struct doctor {
    struct cli *cli;
    const struct doctor_options *given;
    const struct check *check; /* that is being made */
    enum level worst;
    bool has_folder, has_database; /* what those that were made have found, for those that come */
};

/* One finding of a check; its advice is told with whatever is not LEVEL_OK. */
void doctor_say(struct doctor *doctor, enum level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* False when it could not be made, which is then the finding. */
typedef bool doctor_check(struct doctor *doctor, struct error *error);
doctor_check doctor_folder, doctor_rights, doctor_space, doctor_files, doctor_clock;
doctor_check doctor_settings, doctor_server, doctor_process;
doctor_check doctor_database, doctor_time, doctor_key, doctor_attachments;
doctor_check doctor_quotas, doctor_quota_counts;
doctor_check doctor_mailboxes, doctor_defaults, doctor_webhooks;
doctor_check doctor_undecided, doctor_held, doctor_failed, doctor_waiting;
