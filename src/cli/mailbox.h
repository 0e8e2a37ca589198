/* mailbox.h - finds a connected mailbox, whoever's it is. */
#pragma once
#include "cli/cli.h"
#include "model/account.h"

/* By its id, or by its address where that is connected only once. */
bool mailbox_find(struct cli *cli, const char *text, struct account *ret_account,
                  struct error *error);

/* With that address, of the user; user_id NULL: of anybody. ERROR_CONFLICT when there are two. */
bool mailbox_find_address(struct cli *cli, const char *address, const char *user_id,
                          struct account *ret_account, struct error *error);

/* The user's default one; user_id NULL: the first user's. */
bool mailbox_find_default(struct cli *cli, const char *user_id, struct account *ret_account,
                          struct error *error);
