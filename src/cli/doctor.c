#include "cli/doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "cli/print.h"

static const char *const LEVEL_NAMES[] = {"ok", "warn", "fail", NULL};
static const char *const LEVEL_WORDS[] = {"OK  ", "WARN", "FAIL"};

static const struct field OPTION_FIELDS[] = {
    FIELD(struct doctor_options, thorough,
          .about = "compare every index of the database with its table; reads all of it"),
    FIELD(struct doctor_options, offline, .about = "sign in to no mailbox"),
    FIELD(struct doctor_options, reserve, .preset = "1G", .spelling = &BYTES_SPELLING,
          .max = INT64_MAX, .about = "room on the disk that there should be"),
    {0},
};
const struct schema DOCTOR_OPTIONS = SCHEMA(struct doctor_options, OPTION_FIELDS);

enum need { NEEDS_NOTHING, NEEDS_FOLDER, NEEDS_DATABASE };

struct check {
    const char *name;
    doctor_check *run;
    enum need need; /* without it, there is nothing to be looked at */
    const char *advice;
};

/* What later ones need comes first. */
static const struct check CHECKS[] = {
    {"folder", doctor_folder, NEEDS_NOTHING,
     "Make it with outtray init, or bring a backup back with outtray restore; or name another "
     "with --data."},
    {"rights", doctor_rights, NEEDS_FOLDER,
     "Give the folder to whoever runs outtrayd, alone: chown -R USER, chmod 700."},
    {"space", doctor_space, NEEDS_FOLDER,
     "Make room, or move the folder to a larger disk while outtrayd is down."},
    {"settings", doctor_settings, NEEDS_NOTHING,
     "outtrayd --show-config says what holds and where it comes from."},
    {"files", doctor_files, NEEDS_NOTHING,
     "Raise the limit of open files (ulimit -Hn, LimitNOFILE=), or lower connection_limit."},
    {"clock", doctor_clock, NEEDS_NOTHING,
     "Run a time service, such as chrony or systemd-timesyncd."},
    {"database", doctor_database, NEEDS_FOLDER,
     "Stop outtrayd, keep the folder as it is, and restore the last backup into another one."},
    {"time", doctor_time, NEEDS_DATABASE,
     "Set the clock right before outtrayd runs: plans and delays go by it."},
    {"key", doctor_key, NEEDS_DATABASE,
     "Put the copy of the key file back, of mode 0600; without it, connect the mailboxes anew."},
    {"server", doctor_server, NEEDS_FOLDER,
     "Start outtrayd with the same --data, and look at what it writes to standard error."},
    {"process", doctor_process, NEEDS_FOLDER,
     "Run outtrayd as a user of its own (--user NAME), on a kernel with landlock and seccomp; "
     "docs/security.md says what each keeps out."},
    {"mailboxes", doctor_mailboxes, NEEDS_DATABASE,
     "outtray account test ID tries one; its user signs in again, or gives the new password."},
    {"defaults", doctor_defaults, NEEDS_DATABASE,
     "Have each user make one of his mailboxes the default."},
    {"quotas", doctor_quotas, NEEDS_DATABASE,
     "Raise it with outtray organization quota, or have the organization delete what it does not "
     "need."},
    {"quota counts", doctor_quota_counts, NEEDS_DATABASE,
     "Please report it: the counters are kept with what they count. They hold meanwhile."},
    {"webhooks", doctor_webhooks, NEEDS_DATABASE,
     "Mend the address and switch it on again (PATCH /api/webhooks/ID), or delete it."},
    {"attachments", doctor_attachments, NEEDS_DATABASE,
     "Bring them back from a backup: blobs/ in it goes to DIR/blobs/blobs."},
    {"undecided", doctor_undecided, NEEDS_DATABASE,
     "Look whether they arrived, then outtray outbox resolve ID --sent, or --resend."},
    {"held", doctor_held, NEEDS_DATABASE,
     "outtray outbox --held shows them; outtray outbox retry ID lets one go."},
    {"failed", doctor_failed, NEEDS_DATABASE,
     "outtray outbox --state failed says why; outtray outbox retry ID tries one again."},
    {"waiting", doctor_waiting, NEEDS_DATABASE,
     "outtray outbox --state queued says what each waits for."},
};

struct finding {
    const char *check;
    enum level level;
    const char *finding, *advice;
};
static const struct field FINDING_FIELDS[] = {
    FIELD(struct finding, check, .use = SHOWN),
    NAME_FIELD(struct finding, level, LEVEL_NAMES, .use = SHOWN),
    FIELD(struct finding, finding, .use = SHOWN),
    FIELD(struct finding, advice, .use = SHOWN),
    {0},
};
static const struct schema FINDING = SCHEMA(struct finding, FINDING_FIELDS);

static void print(const struct doctor *doctor, const struct finding *finding)
{
    if (doctor->cli->json) {
        print_row(doctor->cli, &FINDING, finding);
        return;
    }
    printf("%s  %-12s %s\n", LEVEL_WORDS[finding->level], finding->check, finding->finding);
    if (finding->advice)
        printf("%*s%s\n", 19, "", finding->advice);
    fflush(stdout); /* the next may take its time */
}

void doctor_say(struct doctor *doctor, enum level level, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const struct finding finding = {
        .check = doctor->check->name,
        .level = level,
        .finding = text,
        .advice = level == LEVEL_OK ? NULL : doctor->check->advice,
    };
    if (doctor->worst < level)
        doctor->worst = level;
    print(doctor, &finding);
}

static bool can_be_made(const struct doctor *doctor, const struct check *check)
{
    return check->need == NEEDS_NOTHING ||
           (check->need == NEEDS_FOLDER ? doctor->has_folder : doctor->has_database);
}

bool doctor_run(struct cli *cli, void *options, struct error *error)
{
    struct doctor doctor = {.cli = cli, .given = options};
    (void)error;
    for (size_t i = 0; i < sizeof CHECKS / sizeof *CHECKS; i++) {
        struct error found;
        doctor.check = &CHECKS[i];
        if (can_be_made(&doctor, doctor.check) && !doctor.check->run(&doctor, &found))
            doctor_say(&doctor, LEVEL_FAIL, "%s", found.message);
    }
    cli->status = doctor.worst == LEVEL_FAIL ? EXIT_FAILED : EXIT_OK;
    return true;
}
