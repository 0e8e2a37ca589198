#include "cli/mailbox.h"

#include <string.h>

#include "mime/address.h"
#include "store/overview_store.h"

bool mailbox_find(struct cli *cli, const char *text, struct account *ret_account,
                  struct error *error)
{
    struct account account;
    const char *id;
    if (strchr(text, '@'))
        return mailbox_find_address(cli, text, NULL, ret_account, error);
    if (!cli_read_id(cli, text, &id, error))
        return false;
    AUTO_READING session = db_read(cli->db);
    bool is_found = account_store_find_any(session, id, cli->arena, &account, error);
    if (!is_found && error->code != ERROR_NOT_FOUND)
        return false;
    if (!is_found || !account.is_active)
        return fail(error, ERROR_NOT_FOUND, "", "no connected mailbox has the id %s", id);
    *ret_account = account;
    return true;
}

bool mailbox_find_address(struct cli *cli, const char *text, const char *user_id,
                          struct account *ret_account, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    struct address address;
    struct list found;
    if (!mime_address_read(text, cli->arena, &address, error) ||
        !overview_store_accounts(session, user_id, address.email, 2, cli->arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "",
                    "%s is not connected; outtray account list shows all mailboxes", address.email);
    if (found.count > 1)
        return fail(error, ERROR_CONFLICT, "",
                    "%s is connected more than once; give --user, or name the mailbox by "
                    "from_account_id in --json-input",
                    address.email);
    *ret_account = *(struct account *)found.items;
    return true;
}

bool mailbox_find_default(struct cli *cli, const char *user_id, struct account *ret_account,
                          struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    struct list users;
    if (!user_id) {
        if (!overview_store_users(session, 1, cli->arena, &users, error))
            return false;
        if (!users.count)
            return fail(error, ERROR_NOT_FOUND, "", "there is no user yet; outtray init makes one");
        user_id = ((struct user *)users.items)->id;
    }
    return account_store_find_default(session, user_id, cli->arena, ret_account, error);
}
