/* credential.h - what a mailbox is signed in with, and whether its provider takes that. */
#pragma once
#include "cli/cli.h"
#include "model/account.h"
#include "provider/provider.h"

/* Opens what is sealed; a mailbox of Gmail or Outlook asks its provider for a token. */
bool credential_open(struct cli *cli, const struct account *account,
                     struct credential *ret_credential, struct error *error);

/* Connects and signs in as for sending, and no more. */
bool credential_try(struct cli *cli, const struct account *account,
                    const struct credential *credential, struct error *error);

/* How many secrets of mailboxes and webhooks are sealed in the database, and that the key opens
 * each; key NULL: only how many. */
bool credential_count_sealed(struct db *db, const struct secret_key *key, int64_t *ret_count,
                             struct error *error);
