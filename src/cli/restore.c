#include <stdio.h>
#include <unistd.h>

#include "cli/print.h"
#include "cli/restore.h"

struct restore_options {
    const char *key;
};
static const struct field OPTION_FIELDS[] = {
    FIELD(struct restore_options, key, .max = 3000,
          .about = "the key file that was kept apart from the backup"),
    {0},
};
const struct schema RESTORE_OPTIONS = SCHEMA(struct restore_options, OPTION_FIELDS);

#define TOLD(member) FIELD(struct restored, member, .use = SHOWN)
static const struct field RESTORED_FIELDS[] = {
    TOLD(made_at),
    TOLD(attachments),
    TOLD(missing_attachments),
    TOLD(damaged_attachments),
    TOLD(held),
    TOLD(in_doubt),
    TOLD(unplanned),
    TOLD(has_key),
    TOLD(keeps_config),
    TOLD(sealed),
    {0},
};
static const struct schema RESTORED_SCHEMA = SCHEMA(struct restored, RESTORED_FIELDS);

/* The log of a database that is gone would be taken for the restored one's. */
static bool check_free(const struct data_paths *paths, struct error *error)
{
    static const char *const ENDINGS[] = {"", "-wal", "-journal"};
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        const char *path = arena_format(arena, "%s%s", paths->database, ENDINGS[i]);
        if (access(path, F_OK) == 0)
            return fail(error, ERROR_CONFLICT, "",
                        "%s is there already: restore into another --data, or move it away", path);
    }
    return true;
}

static void tell(struct restore *restore)
{
    const struct data_paths *paths = &restore->cli->paths;
    struct restored *told = &restore->told;
    told->made_at = restore->staging.head.made_at;
    told->attachments = restore->staging.head.attachments - restore->staging.damaged;
    told->missing_attachments = restore->staging.head.missing_attachments;
    told->damaged_attachments = restore->staging.damaged;
    if (restore->cli->json) {
        print_object(restore->cli, &RESTORED_SCHEMA, told);
        return;
    }
    printf("%s is as it was at %s, with %lld attachments\n", paths->folder,
           moment_text(told->made_at, 0, restore->cli->arena), (long long)told->attachments);
    if (told->missing_attachments + told->damaged_attachments)
        printf("%lld attachments that mails name had been lost before that\n",
               (long long)told->missing_attachments + (long long)told->damaged_attachments);
    if (told->held)
        printf("%lld mails were waiting to be sent. They are held, for they may have been sent "
               "since:\n  outtray outbox --held      shows them\n  outtray outbox retry ID   "
               "lets one go\n",
               (long long)told->held);
    if (told->in_doubt)
        printf("%lld mails were being sent. Their providers are asked when outtrayd runs.\n",
               (long long)told->in_doubt);
    if (told->unplanned)
        printf("%lld drafts have lost their plan, whose time has passed; each says so.\n",
               (long long)told->unplanned);
    if (told->sealed && !told->has_key)
        printf("The key file is not there: put its copy at %s before outtrayd starts. Without it "
               "%lld passwords, grants and webhooks' secrets are lost: sign their mailboxes in "
               "again.\n",
               paths->key, (long long)told->sealed);
    if (told->keeps_config)
        printf("%s stays as it is; the backup's was left out.\n", paths->config);
    puts("Next: outtray doctor, then outtrayd.");
}

bool restore_run(struct cli *cli, void *options, struct error *error)
{
    const struct restore_options *given = options;
    struct restore restore = {.cli = cli};
    if (!check_free(&cli->paths, error) ||
        !data_folder_open(cli->config.data, true, cli->arena, &cli->paths, error) ||
        !data_folder_lock(&cli->paths, error) || !check_free(&cli->paths, error))
        return false;
    bool is_done = staging_fill(&restore.staging, cli_word(cli, 0), cli->paths.folder, cli->arena,
                                error) &&
                   restore_prepare(&restore, given->key, error) && restore_move(&restore, error);
    staging_remove(&restore.staging);
    if (is_done)
        tell(&restore);
    return is_done;
}
