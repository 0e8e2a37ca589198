#include "cli/print.h"
#include "first_start.h"

static const struct field INIT_FIELDS[] = {
    FIELD(struct first_names, organization, .spelling = &LINE_SPELLING, .max = 200,
          .about = "its name"),
    FIELD(struct first_names, email, .preset = "you@outtray.example", .spelling = &LINE_SPELLING,
          .max = 320, .about = "address of the user and of the mailbox"),
    FIELD(struct first_names, name, .spelling = &LINE_SPELLING, .max = 200,
          .about = "the user's name"),
    {0},
};
const struct schema INIT_OPTIONS = SCHEMA(struct first_names, INIT_FIELDS);

bool init_run(struct cli *cli, void *options, struct error *error)
{
    struct first_start made;
    struct secret_key key; /* made here, so that nobody waits for it later */
    if (!secret_key_open(cli->paths.key, &key, error) ||
        !first_start_make(cli->db, options, cli->arena, &made, error))
        return false;
    cli->json = true;
    print_object(cli, &FIRST_START_SCHEMA, &made);
    return true;
}
