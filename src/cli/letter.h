/* letter.h - a mail as standard input has it: a message (.eml), or JSON with the keys of
 * POST /api/email/send. Its attachments go into the intake on the way. */
#pragma once
#include "cli/cli.h"
#include "cli/intake.h"
#include "model/email.h"

struct letter {
    struct email email;
    const char *account_id; /* who sends it, when it says so in one of these ways */
    const char *from;
};

bool letter_read_eml(struct cli *cli, FILE *file, struct intake *intake, struct letter *ret_letter,
                     struct error *error);
bool letter_read_json(struct cli *cli, FILE *file, struct intake *intake, struct letter *ret_letter,
                      struct error *error);

/* A list of texts as a list of struct address; an error names the place, as in to[2]. */
bool letter_addresses(struct cli *cli, const char *name, struct list texts, struct list *ret_list,
                      struct error *error);
